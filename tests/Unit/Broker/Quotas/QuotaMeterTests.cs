using Moldau.Broker.Quotas;
using Xunit;

namespace Moldau.Unit.Broker.Quotas;

public class QuotaMeterTests
{
    private static readonly QuotaWindow Window = new(11, 1);

    [Fact]
    public void A_rate_is_taken_over_the_windows_that_must_be_there_and_falls_when_the_oldest_is_left_behind()
    {
        // The numbers are Kafka's, for 11 windows of a second.
        var rate = new SampledRate(Window);
        rate.Record(100, 0);
        Assert.Equal(10, rate.Measure(0), 6);
        Assert.Equal(100 / 10.5, rate.Measure(500), 6);
        rate.Record(100, 5_000);
        Assert.Equal(20, rate.Measure(5_000), 6);
        Assert.Equal(200 / 10.999, rate.Measure(10_999), 6);
        // The first window is over and done with; the second is six seconds old.
        Assert.Equal(100 / 10.0, rate.Measure(11_000), 6);
        Assert.False(rate.IsQuiet(15_999));
        Assert.True(rate.IsQuiet(16_000));
        Assert.Equal(0, rate.Measure(16_000), 6);
    }

    [Fact]
    public void A_meter_of_windows_waits_until_the_rate_would_be_back_but_never_longer_than_a_window()
    {
        var meter = new WindowMeter(Window);
        Assert.Equal(0, meter.Take(10, 0));
        Assert.Equal(500, meter.Take(0.5, 0));
        Assert.Equal(1000, meter.Take(100, 0));
    }

    [Fact]
    public void Credit_is_saved_up_to_a_bound_and_debt_is_waited_for()
    {
        var meter = new CreditMeter(1);
        Assert.Equal(0, meter.Take(1, 0));
        Assert.Equal(250, meter.Take(0.25, 0));
        Assert.Equal(0, meter.Take(0, 250));
        Assert.Equal(1000, meter.Take(2, 100_000));
        Assert.False(meter.TryEnd(101_999));
        Assert.True(meter.TryEnd(102_001));
        Assert.True(meter.IsGone);
    }

    [Fact]
    public void What_is_not_within_the_limit_is_not_taken_unless_waiting_would_never_help()
    {
        var meter = new CreditMeter(1);
        Assert.Equal(0, meter.TakeIfWithin(0.8, 0, out var isTaken));
        Assert.True(isTaken);
        Assert.Equal(600, meter.TakeIfWithin(0.8, 0, out isTaken));
        Assert.False(isTaken);
        Assert.Equal(0, meter.TakeIfWithin(0.8, 600, out isTaken));
        Assert.True(isTaken);
        // More than can be saved: taken from a full bucket, and waited for behind it.
        Assert.Equal(4000, meter.TakeIfWithin(5, 10_000, out isTaken));
        Assert.True(isTaken);
        Assert.Equal(8000, meter.TakeIfWithin(5, 11_000, out isTaken));
        Assert.False(isTaken);
    }

    [Fact]
    public void Those_who_have_nothing_to_remember_are_forgotten_and_beyond_a_number_all_share_one()
    {
        var meters = new QuotaMeters(Window, Window);
        var first = meters.Find(new QuotaMeterKey(QuotaLimit.Produce, null, "0"), 0);
        for (var i = 0; i < QuotaMeters.Most + 1000; i++) meters.Find(new QuotaMeterKey(QuotaLimit.Produce, null, $"{i}"), 0).Take(1.5, 0);
        Assert.Equal(QuotaMeters.Most + 1, meters.Count);
        Assert.Same(meters.Find(new QuotaMeterKey(QuotaLimit.Produce, null, "new"), 0), meters.Find(new QuotaMeterKey(QuotaLimit.Produce, null, "newer"), 0));
        Assert.Same(first, meters.Find(new QuotaMeterKey(QuotaLimit.Produce, null, "0"), 0));

        // What they share has a debt of more than a thousand seconds; the others are done after one and a half.
        Assert.NotSame(first, meters.Find(new QuotaMeterKey(QuotaLimit.Produce, null, "later"), 100_000));
        Assert.True(first.IsGone);
        Assert.Equal(2, meters.Count);
    }
}
