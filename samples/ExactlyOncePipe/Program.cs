using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Client.Producing;

// From topic to topic in capitals, each record once, whatever is killed: what was read and what was written become visible together.
using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stopping.Cancel();
};

await using var kafka = new KafkaClient(new() { Bootstrap = args.Length > 0 ? args[0] : "127.0.0.1:9092" });
await using var producer = kafka.CreateProducer<string, string>("shouted", new() { TransactionalId = "shouting-1" });
while (!stopping.IsCancellationRequested)
{
    try
    {
        await PipeAsync(stopping.Token);
    }
    catch (KafkaException failure) when (!failure.IsFatal)
    {
        // The transaction was aborted; what it had read comes again.
        await Console.Error.WriteLineAsync(failure.Message);
    }
    catch (OperationCanceledException)
    {
        break;
    }
}

async Task PipeAsync(CancellationToken cancellation)
{
    // Offsets go with transactions alone.
    await using var consumer = kafka.CreateConsumer<string, string>(new() { GroupId = "shouting", Topics = ["said"], CommitInterval = TimeSpan.Zero });
    await foreach (var batch in consumer.ReadBatchesAsync(cancellation))
    {
        await using var transaction = await producer.BeginAsync(cancellation);
        for (var i = 0; i < batch.Count; i++) await producer.EnqueueAsync(batch[i].Key, batch[i].Value?.ToUpperInvariant(), cancellation);
        var read = new Dictionary<TopicPartition, OffsetPosition> { [batch.Where] = new(batch.NextOffset, batch.LeaderEpoch) };
        await transaction.SendOffsetsAsync(consumer.Group!, read, cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
