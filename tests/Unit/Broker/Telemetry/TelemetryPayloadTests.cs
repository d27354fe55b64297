using Moldau.Broker.Telemetry;
using Xunit;
using static Moldau.Unit.Broker.Telemetry.MetricsDataText;

namespace Moldau.Unit.Broker.Telemetry;

public class TelemetryPayloadTests
{
    [Fact]
    public void Gauges_sums_and_histograms_are_read_with_what_they_are_about()
    {
        var payload = new TelemetryPayload(100);
        payload.Read(Data([("client_rack", "r"), ("group_id", "g")],
            Gauge("depth", Point(1.5, ("partition", "3"), ("group_id", "own")), Whole(-7)),
            Sum("sent", isDifference: true, isGrowing: true, Whole(4)),
            Sum("held", isDifference: false, isGrowing: false, Point(2)),
            Histogram("latency", 9, 1.25)));
        Assert.Equal(
        [
            "depth Gauge client_rack=r,group_id=own,partition=3 1.5 False",
            "depth Gauge client_rack=r,group_id=g -7 False",
            "sent Counter client_rack=r,group_id=g 4 True",
            "held Sum client_rack=r,group_id=g 2 False",
            "latency.count Counter client_rack=r,group_id=g 9 True",
            "latency.sum Counter client_rack=r,group_id=g 1.25 True",
        ],
        payload.Values.Select(value => FormattableString.Invariant($"{value.Name} {value.Kind} {string.Join(',', value.Attributes.Select(pair => $"{pair.Key}={pair.Value}"))} {value.Value} {value.IsDifference}")));
    }

    [Fact]
    public void Whatever_is_cut_off_or_damaged_is_refused_or_read_but_never_fails_otherwise()
    {
        var whole = Data([("a", "b")], Gauge("depth", Point(1.5, ("partition", "3"))), Sum("sent", true, true, Whole(4)), Histogram("latency", 9, 1.25));
        var refused = 0;
        for (var length = 0; length < whole.Length; length++) refused += Refuses(whole[..length]);
        Assert.Equal(whole.Length - 1, refused);

        var chance = new Random(714);
        for (var round = 0; round < 20_000; round++)
        {
            var damaged = (byte[])whole.Clone();
            for (var i = chance.Next(1, 5); i > 0; i--) damaged[chance.Next(damaged.Length)] = (byte)chance.Next(256);
            Refuses(damaged);
        }
    }

    [Fact]
    public void Too_many_series_are_left_out_and_too_many_attributes_refused()
    {
        var payload = new TelemetryPayload(10);
        payload.Read(Data(Gauge("many", [.. Enumerable.Range(0, 1000).Select(i => Point(i, ("i", $"{i}")))])));
        Assert.Equal((10, 990), (payload.Values.Count, payload.LeftOut));

        (string, string)[] attributes = [.. Enumerable.Range(0, TelemetryPayload.MostAttributes + 1).Select(i => ($"a{i}", "v"))];
        Assert.Equal(1, Refuses(Data(Gauge("wide", Point(1, attributes)))));
        Assert.Equal(1, Refuses(Data(Gauge(new string('n', TelemetryPayload.LongestText + 1), Point(1)))));
        Assert.Equal(1, Refuses([.. Enumerable.Repeat((byte)0xff, 20)]));
    }

    private static int Refuses(byte[] bytes)
    {
        try
        {
            new TelemetryPayload(100).Read(bytes);
            return 0;
        }
        catch (TelemetryFormatException)
        {
            return 1;
        }
    }
}
