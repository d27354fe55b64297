using System.Globalization;
using System.Text;
using Moldau.Client.Connections;
using Moldau.Client.Fetching;
using Moldau.Client.Producing;
using Moldau.Protocol.Records;

namespace Moldau.Client.Handling;

/// <summary>Writes records whose handlers failed to another topic: as they are, with headers that say where they come from.</summary>
internal sealed class DeadLetterSender(ClientCore core) : IAsyncDisposable
{
    public const string Topic = "moldau.dead-letter.topic";
    public const string Partition = "moldau.dead-letter.partition";
    public const string Offset = "moldau.dead-letter.offset";
    public const string Error = "moldau.dead-letter.error";
    public const string Attempts = "moldau.dead-letter.attempts";

    private readonly Lock _gate = new();
    private Producer? _producer;

    /// <summary>Ends when it is confirmed.</summary>
    /// <exception cref="KafkaException">It was not.</exception>
    public async Task SendAsync(string topic, FetchedBatch batch, int index, Exception error, int attempts, CancellationToken cancellation)
    {
        Producer producer;
        lock (_gate) producer = _producer ??= new Producer(core, new ProducerOptions());
        await producer.SendAsync(topic, Letter(batch, index, error, attempts), cancellation).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _producer?.DisposeAsync() ?? default;

    private static OutgoingRecord Letter(FetchedBatch batch, int index, Exception error, int attempts)
    {
        var headers = new List<RecordHeader>(new Consuming.Headers(batch, index).ToArray())
        {
            Text(Topic, batch.State.Where.Topic),
            Text(Partition, batch.State.Where.Partition.ToString(CultureInfo.InvariantCulture)),
            Text(Offset, batch.OffsetOf(index).ToString(CultureInfo.InvariantCulture)),
            Text(Error, $"{error.GetType().Name}: {error.Message}"),
            Text(Attempts, attempts.ToString(CultureInfo.InvariantCulture)),
        };
        ref readonly var record = ref batch[index];
        return new OutgoingRecord
        {
            Key = record.KeyLength < 0 ? RecordBytes.Null : batch.KeyOf(record),
            Value = record.ValueLength < 0 ? RecordBytes.Null : batch.ValueOf(record),
            Headers = [.. headers],
        };
    }

    private static RecordHeader Text(string name, string value) => new(name, Encoding.UTF8.GetBytes(value));
}
