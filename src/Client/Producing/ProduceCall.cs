using Moldau.Client.Metadata;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Producing;

/// <summary>One request of the delivery loop to one broker: a batch of each of several partitions, and what came of them.</summary>
internal sealed class ProduceCall(BrokerLane lane, ClusterSnapshot cluster)
{
    private readonly List<Part> _parts = [];

    public BrokerLane Lane { get; } = lane;

    /// <summary>What said that this broker leads them.</summary>
    public ClusterSnapshot Cluster { get; } = cluster;

    public IReadOnlyList<Part> Parts => _parts;

    public int Bytes { get; private set; }

    /// <summary>The answer, where there is one.</summary>
    public ProduceResponse? Response { get; private set; }

    /// <summary>Why there is none.</summary>
    public KafkaException? Failure { get; private set; }

    /// <summary>Whether the broker may have got it.</summary>
    public bool WasSent { get; set; }

    public void Add(PartitionQueue queue, OutgoingBatch batch)
    {
        _parts.Add(new Part(queue, batch, queue.Order.Identity));
        Bytes += batch.Size;
    }

    public void Complete(ProduceResponse response) => Response = response;

    public void Fail(Exception failure) => Failure = failure as KafkaException
        ?? new KafkaException(failure is ObjectDisposedException or OperationCanceledException ? ErrorCode.NetworkException : ErrorCode.UnknownServerError, failure.Message, null, failure) { IsTransient = false };

    /// <summary>What the broker said of each part; the answers may come in another order than the questions.</summary>
    public ProduceResponse.Partition? AnswerTo(TopicPartition where)
    {
        foreach (var topic in Response!.Responses)
        {
            if (!IsNamed(topic, where.Topic)) continue;
            foreach (var partition in topic.PartitionResponses)
            {
                if (partition.Index == where.Partition) return partition;
            }
        }

        return null;
    }

    private bool IsNamed(ProduceResponse.Topic topic, string name) =>
        topic.TopicId.IsZero ? topic.Name == name : Cluster.Find(topic.TopicId)?.Name == name;

    /// <param name="Queue">The partition.</param>
    /// <param name="Batch">What goes to it.</param>
    /// <param name="Identity">Who writes it.</param>
    public readonly record struct Part(PartitionQueue Queue, OutgoingBatch Batch, (long Id, short Epoch) Identity);
}
