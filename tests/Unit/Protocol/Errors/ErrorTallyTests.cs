using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Unit.Protocol.Errors;

public class ErrorTallyTests
{
    [Fact]
    public void Errors_are_counted_wherever_a_message_has_them_and_success_is_not()
    {
        var fetched = new FetchResponse { ErrorCode = ErrorCode.UnknownServerError };
        fetched.Responses.Add(new FetchResponse.FetchedTopic
        {
            Partitions = [new() { ErrorCode = ErrorCode.OffsetOutOfRange }, new(), new() { ErrorCode = ErrorCode.OffsetOutOfRange }],
        });

        Assert.Equal([(ErrorCode.UnknownServerError, 1), (ErrorCode.OffsetOutOfRange, 2)], Count(fetched));
    }

    [Fact]
    public void A_message_without_errors_counts_none() => Assert.Empty(Count(new FetchRequest()));

    [Fact]
    public void Every_code_has_a_place()
    {
        foreach (var row in ErrorTable.All)
        {
            if (row.Code != ErrorCode.None) Assert.Equal([(row.Code, 1)], Count(new HeartbeatResponse { ErrorCode = row.Code }));
        }
    }

    private static List<(ErrorCode Error, long Count)> Count(IMessage message)
    {
        var counts = new long[ErrorTally.Length];
        message.CountErrors(new ErrorTally(counts));
        return [.. counts.Select(static (count, place) => (ErrorTally.CodeAt(place), count)).Where(static one => one.count > 0)];
    }
}
