using System.Diagnostics;
using System.Diagnostics.Metrics;
using Moldau.Broker.Diagnostics;
using Moldau.Broker.Diagnostics.Counting;
using Moldau.Protocol.Messages;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Broker.Diagnostics;

public class CountingTests
{
    [Fact]
    public void A_value_falls_into_the_first_bucket_that_is_not_below_it()
    {
        var histogram = new Histogram(Buckets.Sizes);
        foreach (var value in new long[] { 0, 64, 65, long.MaxValue / 2 }) histogram.Add(value);

        var reading = HistogramReading.Of(Buckets.Sizes, histogram);
        Assert.Equal((2, 1, 1), (reading.Counts[0], reading.Counts[1], reading.Counts[^1]));
        Assert.Equal(4, reading.Count);
    }

    [Fact]
    public void Counting_a_request_allocates_nothing_while_nobody_listens()
    {
        using var figures = new BrokerFigures(TimeProvider.System);
        var api = new ApiFigures(ApiTable.Get(ApiKey.Produce), figures.Instruments);
        Count(api);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Count(api);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Whoever_listens_to_the_meter_is_told_each_value_in_seconds()
    {
        using var figures = new BrokerFigures(TimeProvider.System);
        var told = new List<double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter, figures.Instruments.Meter) && instrument.Name == "moldau.request.time") self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
        {
            Assert.Equal("messaging.operation.name", tags[0].Key);
            told.Add(value);
        });
        listener.Start();
        new ApiFigures(ApiTable.Get(ApiKey.Produce), figures.Instruments).Time(RequestPhase.Total).Add(TimeProvider.System.TimestampFrequency / 2);

        Assert.Equal([0.5], told);
    }

    [Fact]
    public async Task A_span_is_made_for_a_request_that_is_sampled()
    {
        var spans = new List<Activity>();
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var topic = $"orders-{Guid.NewGuid():N}";
        await client.CreateAsync(topic);
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == RequestTraces.SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                // Other tests' brokers are heard too.
                lock (spans) spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await client.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce(topic, Conversation.Batch("one")));

        lock (spans)
        {
            var span = Assert.Single(spans, one => one.DisplayName == $"send {topic}");
            Assert.Equal(("kafka", topic, "test"), (span.GetTagItem("messaging.system"), span.GetTagItem("messaging.destination.name"), span.GetTagItem("messaging.client.id")));
            Assert.True(span.Duration > TimeSpan.Zero);
        }
    }

    private static void Count(ApiFigures api)
    {
        api.Begin(9, 1000);
        for (var phase = RequestPhase.Queue; phase <= RequestPhase.Total; phase++) api.Time(phase).Add(1);
        api.ReplySize.Add(50);
        api.End();
    }
}
