using Moldau.Client.Telemetry.Pushing;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Primitives;
using Xunit;

namespace Moldau.Unit.Client.Telemetry.Pushing;

/// <summary>What a client that pushes its metrics does next, and when.</summary>
public class PushScheduleTests
{
    private static readonly Uuid Id = new(1, 2);

    [Theory]
    [InlineData(0.0, 500)]
    [InlineData(0.5, 1000)]
    [InlineData(0.999, 1499)]
    public void The_first_push_comes_half_to_one_and_a_half_intervals_after_the_answer_and_the_others_each_interval(double chance, long first)
    {
        var schedule = new PushSchedule(() => chance);
        Assert.Equal(PushStep.Ask, schedule.Take(0));
        Assert.Null(schedule.Take(10_000));
        schedule.Subscribed(Wanted(), 100);
        Assert.Equal((100 + first, Id), (schedule.NextAt, schedule.InstanceId));
        Assert.Null(schedule.Take(99 + first));
        Assert.Equal(PushStep.Push, schedule.Take(100 + first));
        schedule.Pushed(5000);
        Assert.Equal(6000, schedule.NextAt);
    }

    [Fact]
    public void Where_nothing_is_wanted_it_asks_again_each_interval()
    {
        var schedule = Asked();
        schedule.Subscribed(Wanted() with { Prefixes = [] }, 0);
        Assert.Equal(1000, schedule.NextAt);
        Assert.Equal(PushStep.Ask, schedule.Take(1000));
        Assert.Null(schedule.End());
    }

    [Theory]
    [InlineData(ErrorCode.UnknownSubscriptionId, 7000L)]
    [InlineData(ErrorCode.UnsupportedCompressionType, 7000L)]
    [InlineData(ErrorCode.TelemetryTooLarge, 8000L)]
    [InlineData(ErrorCode.ThrottlingQuotaExceeded, 8000L)]
    [InlineData(ErrorCode.InvalidRequest, long.MaxValue)]
    [InlineData(ErrorCode.InvalidRecord, long.MaxValue)]
    [InlineData(ErrorCode.UnsupportedVersion, long.MaxValue)]
    [InlineData(ErrorCode.UnknownServerError, long.MaxValue)]
    public void A_push_that_is_refused_leads_to_another_question_or_to_the_end(ErrorCode code, long next)
    {
        var schedule = Pushing();
        schedule.Refused(code, 7000);
        Assert.Equal((next, next == long.MaxValue), (schedule.NextAt, schedule.IsOff));
        if (next != long.MaxValue) Assert.Equal(PushStep.Ask, schedule.Take(next));
        // What was refused is not pushed at the end either.
        Assert.Null(schedule.End());
    }

    [Fact]
    public void A_codec_that_was_refused_is_not_taken_again()
    {
        var schedule = Pushing();
        Assert.Equal(CompressionType.Zstd, schedule.Codec);
        schedule.Refused(ErrorCode.UnsupportedCompressionType, 7000);
        schedule.Take(7000);
        schedule.Subscribed(Wanted(), 7000);
        Assert.Equal(CompressionType.Gzip, schedule.Codec);
        schedule.Take(9000);
        schedule.Refused(ErrorCode.UnsupportedCompressionType, 9000);
        Assert.Equal(CompressionType.None, schedule.Codec);
    }

    [Fact]
    public void A_question_that_is_refused_before_any_answer_is_asked_again_after_five_minutes_and_so_is_one_that_nobody_answers()
    {
        var schedule = Asked();
        schedule.Refused(ErrorCode.ThrottlingQuotaExceeded, 0);
        Assert.Equal(300_000, schedule.NextAt);
        schedule = Asked();
        schedule.Failed(1);
        Assert.Equal(300_001, schedule.NextAt);
        schedule = Pushing();
        schedule.Failed(5000);
        Assert.Equal((6000, PushStep.Ask), (schedule.NextAt, schedule.Take(6000)!.Value));
    }

    [Fact]
    public void A_broker_that_throttles_is_let_be_for_that_long()
    {
        var schedule = Pushing();
        schedule.Pushed(5000);
        schedule.Throttled(300, 5000);
        Assert.Equal(6000, schedule.NextAt);
        schedule.Throttled(3000, 5000);
        Assert.Equal(8000, schedule.NextAt);
    }

    [Fact]
    public void Who_is_closed_pushes_once_more_where_something_is_wanted_even_while_a_push_is_under_way()
    {
        Assert.Null(new PushSchedule(static () => 0).End());
        var schedule = Pushing();
        Assert.Equal(PushStep.End, schedule.End());
        Assert.Null(schedule.End());
        Assert.Null(schedule.Take(long.MaxValue - 1));
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData("", true)]
    [InlineData("org.apache.kafka.producer.", true)]
    [InlineData("org.apache.kafka.consumer.", false)]
    public void A_metric_is_wanted_by_how_its_name_begins(string prefix, bool isWanted) => Assert.Equal(isWanted, Wanted(prefix).Wants("org.apache.kafka.producer.connection.creation.total"));

    private static PushSchedule Asked()
    {
        var schedule = new PushSchedule(static () => 0);
        Assert.Equal(PushStep.Ask, schedule.Take(0));
        return schedule;
    }

    private static PushSchedule Pushing()
    {
        var schedule = Asked();
        schedule.Subscribed(Wanted(), 0);
        Assert.Equal(PushStep.Push, schedule.Take(500));
        return schedule;
    }

    private static TelemetrySubscription Wanted(params string[] prefixes) =>
        new(Id, 5, 1000, [CompressionType.Zstd, CompressionType.Gzip], IsDelta: true, prefixes.Length == 0 ? ["org.apache.kafka."] : prefixes);
}
