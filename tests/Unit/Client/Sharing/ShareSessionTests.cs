using Moldau.Client;
using Moldau.Client.Sharing;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Xunit;

namespace Moldau.Unit.Client.Sharing;

public class ShareSessionTests
{
    private readonly ShareSession _session = new();
    private readonly Acknowledgements _queue = new();
    private readonly SharePartition _a0 = Partition("a", 0, 1);
    private readonly SharePartition _a1 = Partition("a", 1, 1);
    private readonly SharePartition _b0 = Partition("b", 0, 2);

    [Fact]
    public void The_first_request_names_everything_and_those_behind_it_what_changed_and_what_is_acknowledged()
    {
        Assert.False(_session.IsOpen);
        Assert.Equal("0: 1/0 1/1", Fill(_a0, _a1));
        _session.Took();
        Assert.True(_session.IsOpen);
        Assert.Equal("1:", Fill(_a0, _a1));
        _session.Took();
        _queue.Add(_a1, new AcknowledgedSpan(7, 7, 1), 0);
        Assert.Equal("2: 2/0 1/1[7-7=1] -1/0", Fill(_a1, _b0));
        _session.Took();
        // What has left the session may still be acknowledged.
        _queue.Add(_a0, new AcknowledgedSpan(3, 4, 2), 0);
        Assert.Equal("3: 1/0[3-4=2] -1/1 -2/0", Fill());
    }

    [Fact]
    public void A_session_that_was_reset_begins_with_everything_and_takes_no_acknowledgements()
    {
        Fill(_a0);
        _session.Took();
        _session.Reset();
        _queue.Add(_a0, new AcknowledgedSpan(1, 1, 1), 0);
        Assert.Throws<InvalidOperationException>(() => Fill(_a0));
        Assert.Throws<InvalidOperationException>(() => _session.Fill(SentAcknowledgements.None, false, new ShareAcknowledgeRequest()));
        Assert.Equal("0: 1/0", Fill(_a0));
    }

    [Fact]
    public void A_topic_of_another_id_is_another_topic()
    {
        Fill(_a0);
        _session.Took();
        Assert.Equal("1: 9/0 -1/0", Fill(Partition("a", 0, 9)));
    }

    [Fact]
    public void The_last_request_acknowledges_and_ends_the_session()
    {
        Fill(_a0);
        _session.Took();
        _queue.Add(_a0, new AcknowledgedSpan(1, 1, 1), 0);
        var request = new ShareAcknowledgeRequest();
        _session.Fill(_queue.Take(), isLast: true, request);
        Assert.Equal(-1, request.ShareSessionEpoch);
        Assert.Equal(1, request.Topics[0].Partitions[0].AcknowledgementBatches[0].FirstOffset);
    }

    private static SharePartition Partition(string topic, int number, ulong id) => new(new TopicPartition(topic, number)) { TopicId = new Uuid(0, id) };

    private string Fill(params SharePartition[] wanted)
    {
        var request = new ShareFetchRequest();
        _session.Fill(wanted, _queue.Take(), request);
        var text = $"{request.ShareSessionEpoch}:";
        foreach (var topic in request.Topics.OrderByDescending(static topic => topic.TopicId == new Uuid(0, 2)))
        {
            foreach (var partition in topic.Partitions)
            {
                text += $" {Number(topic.TopicId)}/{partition.PartitionIndex}";
                foreach (var batch in partition.AcknowledgementBatches) text += $"[{batch.FirstOffset}-{batch.LastOffset}={batch.AcknowledgeTypes[0]}]";
            }
        }

        foreach (var topic in request.ForgottenTopicsData)
        {
            foreach (var partition in topic.Partitions) text += $" -{Number(topic.TopicId)}/{partition}";
        }

        return text;
    }

    private static int Number(Uuid id) => Enumerable.Range(0, 10).First(number => new Uuid(0, (ulong)number) == id);
}
