using Moldau.Client.Connections;
using Moldau.Client.Metadata;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Producing;

/// <summary>One request of the delivery loop to one broker: a batch of each of several partitions, and what came of them. Used again for the next.</summary>
internal sealed class ProduceCall
{
    private readonly ProduceResponse _response = new();

    /// <summary>The lane's: what the connection tells the answer by.</summary>
    public PendingReply Reply { get; } = new(continuesHere: true);

    public BrokerLane Lane { get; private set; } = null!;

    /// <summary>What said that this broker leads them.</summary>
    public ClusterSnapshot Cluster { get; private set; } = ClusterSnapshot.Empty;

    public List<Part> Parts { get; } = [];

    public int Bytes { get; private set; }

    /// <summary>The lane's: where it was sent; null where it was not.</summary>
    public BrokerConnection? Connection { get; set; }

    /// <summary>The lane's: the version it was sent in.</summary>
    public short Version { get; set; }

    /// <summary>The answer, where there is one.</summary>
    public ProduceResponse? Response { get; private set; }

    /// <summary>Why there is none.</summary>
    public KafkaException? Failure { get; private set; }

    /// <summary>Whether the broker may have got it.</summary>
    public bool WasSent { get; set; }

    public ProduceCall For(BrokerLane lane, ClusterSnapshot cluster)
    {
        (Lane, Cluster) = (lane, cluster);
        return this;
    }

    /// <summary>Holds nothing of what it was any more.</summary>
    public void Clear()
    {
        Parts.Clear();
        (Bytes, Connection, Response, Failure, WasSent) = (0, null, null, null, false);
    }

    public void Add(PartitionQueue queue, OutgoingBatch batch)
    {
        Parts.Add(new Part(queue, batch, queue.Order.Identity));
        Bytes += batch.Size;
    }

    /// <exception cref="KafkaConnectionException">There is no answer, or none that can be read.</exception>
    public void Complete(AnswerFrame? frame)
    {
        Connection!.Read(Reply, frame, _response, Version);
        Response = _response;
        frame!.Release();
    }

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
