using System.Text;
using Moldau.Protocol.Records;

namespace Moldau.Unit.Storage.Simulation;

/// <summary>Batches with random records, no two of them alike.</summary>
internal sealed class BatchMaker(SimulatedTopic topic, Random chance, Func<long> now)
{
    private int _serial;

    public byte[] Data(ProducerIdentity producer, bool isTransactional)
    {
        using var builder = new RecordBatchBuilder(topic.Codec);
        for (var count = chance.Next(1, 5); count > 0; count--)
        {
            var length = chance.Next(6) == 0 ? chance.Next(300, 1500) : chance.Next(40);
            var value = new byte[length];
            chance.NextBytes(value);
            builder.Append(Timestamp(), new OptionalBytes(Encoding.UTF8.GetBytes($"{topic.Name} {_serial++}")), new OptionalBytes(value));
        }

        return builder.Finish(new BatchOptions { Producer = producer, IsTransactional = isTransactional }).ToArray();
    }

    public byte[] Marker(long producer, short epoch, bool isAbort, int coordinatorEpoch)
    {
        using var builder = new RecordBatchBuilder();
        new TransactionMarker(isAbort ? ControlRecordType.Abort : ControlRecordType.Commit, coordinatorEpoch).AppendTo(builder, now());
        return builder.Finish(new BatchOptions { Producer = new ProducerIdentity(producer, epoch, -1), IsTransactional = true, IsControl = true }).ToArray();
    }

    // Not in order: producers' clocks differ.
    private long Timestamp() => topic.HasTimestamps ? now() + chance.Next(-4000, 4000) : -1;
}
