using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Client.Fetching;
using Moldau.Protocol.Errors;
using Xunit;

namespace Moldau.Unit.Client.Fetching;

public class PositionRulesTests
{
    [Theory]
    [InlineData(ErrorCode.None, (int)FetchMeaning.Records, (int)FetchMeaning.Records)]
    [InlineData(ErrorCode.OffsetOutOfRange, (int)FetchMeaning.OutOfRange, (int)FetchMeaning.AtLeader)]
    [InlineData(ErrorCode.NotLeaderOrFollower, (int)FetchMeaning.Elsewhere, (int)FetchMeaning.Elsewhere)]
    [InlineData(ErrorCode.FencedLeaderEpoch, (int)FetchMeaning.Elsewhere, (int)FetchMeaning.Elsewhere)]
    [InlineData(ErrorCode.UnknownLeaderEpoch, (int)FetchMeaning.Again, (int)FetchMeaning.AtLeader)]
    [InlineData(ErrorCode.OffsetNotAvailable, (int)FetchMeaning.Again, (int)FetchMeaning.AtLeader)]
    [InlineData(ErrorCode.KafkaStorageError, (int)FetchMeaning.Elsewhere, (int)FetchMeaning.Elsewhere)]
    [InlineData(ErrorCode.UnknownTopicId, (int)FetchMeaning.Elsewhere, (int)FetchMeaning.Elsewhere)]
    [InlineData(ErrorCode.UnknownTopicOrPartition, (int)FetchMeaning.Elsewhere, (int)FetchMeaning.Elsewhere)]
    [InlineData(ErrorCode.InconsistentTopicId, (int)FetchMeaning.Elsewhere, (int)FetchMeaning.Elsewhere)]
    [InlineData(ErrorCode.TopicAuthorizationFailed, (int)FetchMeaning.Refused, (int)FetchMeaning.Refused)]
    [InlineData(ErrorCode.CorruptMessage, (int)FetchMeaning.Refused, (int)FetchMeaning.Refused)]
    public void An_error_means_something_else_at_a_follower(ErrorCode code, int atLeader, int atFollower)
    {
        Assert.Equal((FetchMeaning)atLeader, PositionRules.Of(code, isFollower: false));
        Assert.Equal((FetchMeaning)atFollower, PositionRules.Of(code, isFollower: true));
    }

    [Theory]
    [InlineData(100, 5, 5, 200, false, -1)]
    [InlineData(100, 5, 5, 100, false, -1)]
    [InlineData(100, 5, 5, 99, true, 99)]
    [InlineData(100, 5, 4, 60, true, 60)]
    [InlineData(100, 5, 4, 150, false, -1)]
    [InlineData(100, 5, -1, -1, true, -1)]
    public void A_log_is_another_where_its_epoch_ends_before_what_was_read(long offset, int epoch, int endEpoch, long end, bool isTruncated, long diverges)
    {
        var verdict = PositionRules.Check(new OffsetPosition(offset, epoch), new OffsetPosition(end, endEpoch));
        Assert.Equal(isTruncated, verdict.IsTruncated);
        Assert.Equal(diverges, verdict.Diverges?.Offset ?? -1);
    }

    [Fact]
    public void Each_start_has_its_place()
    {
        Assert.Equal(10, PositionRules.Place(StartPosition.Beginning, 10, 50, -1));
        Assert.Equal(50, PositionRules.Place(StartPosition.End, 10, 50, -1));
        Assert.Equal(45, PositionRules.Place(StartPosition.Tail(5), 10, 50, -1));
        Assert.Equal(10, PositionRules.Place(StartPosition.Tail(500), 10, 50, -1));
        Assert.Equal(20, PositionRules.Place(StartPosition.Time(DateTimeOffset.UnixEpoch), 10, 50, 20));
        Assert.Equal(50, PositionRules.Place(StartPosition.Time(DateTimeOffset.UnixEpoch), 10, 50, -1));
        Assert.Equal(7, PositionRules.Place(StartPosition.Offset(7), 10, 50, -1));
        var now = DateTimeOffset.UnixEpoch.AddDays(3);
        Assert.Null(PositionRules.From(OffsetReset.None, now));
        Assert.Equal(StartPosition.Time(now.AddDays(-1)), PositionRules.From(OffsetReset.ByDuration(TimeSpan.FromDays(1)), now));
    }
}
