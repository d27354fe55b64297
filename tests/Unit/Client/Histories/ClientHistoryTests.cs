using Moldau.Client;
using Moldau.Client.Producing;
using Xunit;

namespace Moldau.Unit.Client.Histories;

/// <summary>The checker finds each kind of fault in a history written by hand, and none in one that is well.</summary>
public class ClientHistoryTests
{
    [Fact]
    public void A_history_that_is_well_has_no_faults() => Assert.Empty(History().Faults());

    [Theory]
    [InlineData("lost")]
    [InlineData("doubled")]
    [InlineData("reordered")]
    [InlineData("invented")]
    [InlineData("misread")]
    [InlineData("disorder")]
    [InlineData("skipped")]
    public void Each_kind_is_found(string kind)
    {
        var history = History();
        switch (kind)
        {
            case "lost":
                history.Sent.First().Ack = new RecordAck(new TopicPartition("t", 0), 7);
                break;
            case "doubled":
                history.Logs[0] = (0, [.. history.Logs[0].Records, (3, "a1")]);
                break;
            case "reordered":
                history.Sent.Enqueue(new Sent("a0", 1, 0, 0));
                history.Logs[0] = (0, [.. history.Logs[0].Records, (3, "a0")]);
                break;
            case "invented":
                history.Logs[0] = (0, [.. history.Logs[0].Records, (3, "x")]);
                break;
            case "misread":
                history.Handled.Enqueue(new Handled("other", 0, 0, "k", "b1"));
                break;
            case "disorder":
                history.Handled.Enqueue(new Handled("one", 0, 0, "k", "a1"));
                break;
            default:
                history.Committed[0] = 3;
                break;
        }

        Assert.StartsWith(kind + ":", Assert.Single(history.Faults()), StringComparison.Ordinal);
    }

    private static ClientHistory History()
    {
        var history = new ClientHistory();
        history.Sent.Enqueue(new Sent("a1", 1, 1, 0) { Ack = new RecordAck(new TopicPartition("t", 0), 0) });
        history.Sent.Enqueue(new Sent("b1", 2, 1, 0) { Ack = new RecordAck(new TopicPartition("t", 0), -1) });
        // Nobody was told what became of it, and it is there.
        history.Sent.Enqueue(new Sent("a2", 1, 2, 0));
        // Nobody was told, and it is not there.
        history.Sent.Enqueue(new Sent("a3", 1, 3, 0));
        history.Logs[0] = (0, [(0, "a1"), (1, "b1"), (2, "a2")]);
        history.Handled.Enqueue(new Handled("one", 0, 0, "k", "a1"));
        history.Handled.Enqueue(new Handled("one", 0, 1, "k", "b1"));
        history.Handled.Enqueue(new Handled("two", 0, 1, "k", "b1"));
        history.Committed[0] = 2;
        return history;
    }
}
