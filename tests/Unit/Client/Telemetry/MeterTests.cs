using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Producing;
using Moldau.Client.Telemetry;
using Moldau.Unit.Client.Groups;
using Xunit;

namespace Moldau.Unit.Client.Telemetry;

/// <summary>The instruments of a client, and that they count what happened.</summary>
public class MeterTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task What_is_sent_and_given_out_is_counted_and_the_lag_is_what_is_left()
    {
        await using var broker = await GroupMembershipTests.StartAsync();
        using var meter = new MeterRecorder("counts");
        await using (var client = new KafkaClient(new KafkaClientOptions { Bootstrap = broker.BootstrapServers, ClientId = "counts" }))
        {
            (await client.Topics.CreateAsync([new NewTopic("t")], cancellation: Token))[0].Get();
            await using (var producer = client.CreateProducer())
            {
                for (var i = 0; i < 10; i++) await producer.SendAsync("t", new OutgoingRecord { Value = new byte[] { 1, 2, 3 } }, Token);
            }

            await using (var consumer = client.CreateConsumer<byte[], byte[]>(new ConsumerOptions { GroupId = "g", Topics = ["t"] }))
            {
                var read = 0;
                await foreach (var record in consumer.ReadAllAsync(Token))
                {
                    if (++read == 4) break;
                }

                Assert.Equal(6, meter.Read("moldau.client.consumer.lag", "t", "0", "g"));
                Assert.Equal(1, meter.Read("moldau.client.consumer.partitions", "g"));
                Assert.InRange(meter.Read("moldau.client.connections"), 2, 6);
            }

            Assert.Equal(10, meter.Read("messaging.client.sent.messages", "send", "t"));
            Assert.Equal(4, meter.Read("messaging.client.consumed.messages", "poll", "t", "g"));
            Assert.Equal(0, meter.Read("moldau.client.producer.buffer"));
            // In, and then given something: by protocol it is one change or two.
            Assert.InRange(meter.Read("moldau.client.consumer.rebalances"), 1, 2);
        }

        // What a client has counted stays when it is closed: a counter never goes back.
        Assert.Equal(10, meter.Read("messaging.client.sent.messages", "send", "t"));
        Assert.Equal(0, meter.Read("moldau.client.connections"));
        Assert.InRange(meter.Read("moldau.client.sent"), 500, 100_000);
        Assert.InRange(meter.Read("moldau.client.received"), 500, 100_000);
        Assert.Equal(0, meter.Read("moldau.client.requests.active"));
        foreach (var operation in (string[])["send", "poll", "commit"]) Assert.True(meter.Recorded("messaging.client.operation.duration", operation) > 0, operation);
        Assert.True(meter.Recorded("moldau.client.request.duration", "Produce") > 0);
        Assert.True(meter.Recorded("moldau.client.producer.batch.size", "t") > 0);
        Assert.True(meter.Recorded("moldau.client.producer.queue.duration", "t") > 0);
    }

    [Fact]
    public void The_table_names_each_instrument_once_and_each_is_on_the_meter()
    {
        var names = new ConcurrentBag<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == ClientMeter.Name) names.Add(instrument.Name);
            },
        };
        _ = new ClientFigures(new KafkaClientOptions { ClientId = "table" });
        listener.Start();
        Assert.Equal(InstrumentTable.All.Select(static row => row.Name).Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
        foreach (var row in InstrumentTable.All)
            Assert.True(row.Name.StartsWith("moldau.client.", StringComparison.Ordinal) || row.Name.StartsWith("messaging.", StringComparison.Ordinal), row.Name);
    }

    private sealed class MeterRecorder : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly string _clientId;
        private readonly ConcurrentQueue<(string Name, string Tags)> _recorded = new();
        private readonly List<(string Name, string[] Tags, long Value)> _read = [];

        public MeterRecorder(string clientId)
        {
            _clientId = clientId;
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == ClientMeter.Name) listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) =>
            {
                if (Values(tags) is { } values && values.Contains(clientId)) _recorded.Enqueue((instrument.Name, string.Join('|', values)));
            });
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            {
                if (Values(tags) is { } values && values.Contains(clientId)) _read.Add((instrument.Name, values, value));
            });
            _listener.Start();
        }

        public int Recorded(string name, string tag) => _recorded.Count(one => one.Name == name && one.Tags.Split('|').Contains(tag));

        /// <summary>The sum of the client's series that have these labels.</summary>
        public long Read(string name, params string[] labels)
        {
            _read.Clear();
            _listener.RecordObservableInstruments();
            return _read.Where(one => one.Name == name && labels.All(one.Tags.Contains)).Sum(static one => one.Value);
        }

        public void Dispose() => _listener.Dispose();

        private static string[] Values(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var values = new string[tags.Length];
            for (var i = 0; i < values.Length; i++) values[i] = tags[i].Value?.ToString() ?? "";
            return values;
        }
    }
}
