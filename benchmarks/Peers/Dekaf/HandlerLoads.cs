using Dekaf.Consumer;
using Moldau.Bench.Clients.Worker;

namespace Moldau.Bench.Peers.Dekaf;

/// <summary>Its loop that calls a handler in order for each key, with as many at a time as ours has.</summary>
internal static class HandlerLoads
{
    private const int AtATime = 16;
    private const int MostWaiting = 1024;

    public static IClientLoad Of(IKafkaConsumer<ReadOnlyMemory<byte>, byte[]> consumer) => new HandledLoad(
        async (handled, cancellation) => await consumer.RunPartitionedAsync(
            (_, _, _) =>
            {
                handled.Add();
                return ValueTask.CompletedTask;
            },
            new PartitionedProcessingOptions
            {
                Ordering = PartitionedProcessingOrder.Key,
                MaxConcurrentHandlersPerPartition = AtATime,
                MaxBufferedRecordsPerPartition = MostWaiting,
                CommitPolicy = PartitionCommitPolicy.UserManaged,
            },
            cancellation),
        consumer.DisposeAsync);
}
