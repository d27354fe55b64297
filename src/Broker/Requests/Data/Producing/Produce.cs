using Moldau.Broker.Diagnostics.Counting;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Broker.Partitions.Transactions;
using Moldau.Broker.Partitions.Validation;
using Moldau.Broker.Requests.Topics;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Broker.Timing;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Records;
using System.Runtime.InteropServices;

namespace Moldau.Broker.Requests.Data.Producing;

/// <summary>
/// Produce: each batch is looked at where it lies in the receive buffer and appended from there, by its partition's writer,
/// before the connection's next request is looked at. What then waits is only the answer.
/// </summary>
internal sealed class Produce(HostedTopics topics, Delays delays, TransactionVerifier verifier, DataCounts counts, TimeProvider clock, Func<ListenerFacts, Partition, bool>? leads)
    : RequestHandler
{
    private const short AllReplicas = -1;
    private const short NoReply = 0;
    private const short LeaderOnly = 1;
    private const short FirstWithIds = 13;

    [ThreadStatic]
    private static BatchValidator? s_validator;

    public override void Start(Exchange exchange)
    {
        var request = (ProduceRequest)exchange.Request;
        var response = (ProduceResponse)exchange.Response;
        exchange.HasReply = request.Acks != NoReply;
        var wait = ProduceWait.For(exchange, delays, verifier, counts.Produces, request.Acks == AllReplicas);
        if (request.Acks is not (AllReplicas or NoReply or LeaderOnly))
        {
            Refuse(exchange, ErrorCode.InvalidRequiredAcks, $"acks of {request.Acks}; 0, 1 and -1 (all) are known");
            wait.Started(0);
            return;
        }

        var access = exchange.Access;
        if (HasTransactional(request) && (request.TransactionalId is not { } id || !access.Allows(AclOperation.Write, AclResource.TransactionalId, id)))
        {
            Refuse(exchange, ErrorCode.TransactionalIdAuthorizationFailed, request.TransactionalId is null
                ? "a transactional batch in a request without a transactional id" : $"no rule allows Write on TransactionalId '{request.TransactionalId}'");
            wait.Started(0);
            return;
        }

        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var asked in request.TopicData)
        {
            var topic = exchange.Version >= FirstWithIds ? topics.Find(asked.TopicId) : topics.Find(asked.Name);
            var name = topic?.Name ?? asked.Name;
            // No topic has such an id: there is nothing to ask about.
            var isForbidden = name.Length > 0 && !access.Allows(AclOperation.Write, AclResource.Topic, name);
            if (!response.Responses.TryReuse(out var answered)) response.Responses.Add(answered = new ProduceResponse.Topic());
            answered.Name = asked.Name;
            answered.TopicId = asked.TopicId;
            answered.PartitionResponses.Clear();
            foreach (var part in asked.PartitionData)
            {
                if (!answered.PartitionResponses.TryReuse(out var answer)) answered.PartitionResponses.Add(answer = new ProduceResponse.Partition());
                Reset(answer, part.Index);
                if (isForbidden) (answer.ErrorCode, answer.ErrorMessage) = (ErrorCode.TopicAuthorizationFailed, $"no rule allows Write on Topic '{name}'");
                else Append(exchange, wait, asked.Name, topic, part, answer, now);
            }
        }

        wait.Started(request.TimeoutMs);
    }

    public override void Refuse(Exchange exchange, ErrorCode error, string? message)
    {
        var response = (ProduceResponse)exchange.Response;
        response.Responses.Clear();
        foreach (var asked in ((ProduceRequest)exchange.Request).TopicData)
        {
            if (!response.Responses.TryReuse(out var answered)) response.Responses.Add(answered = new ProduceResponse.Topic());
            answered.Name = asked.Name;
            answered.TopicId = asked.TopicId;
            answered.PartitionResponses.Clear();
            foreach (var part in asked.PartitionData)
            {
                if (!answered.PartitionResponses.TryReuse(out var answer)) answered.PartitionResponses.Add(answer = new ProduceResponse.Partition());
                Reset(answer, part.Index);
                answer.ErrorCode = error;
                answer.ErrorMessage = message;
            }
        }
    }

    private void Append(Exchange exchange, ProduceWait wait, string name, HostedTopic? topic, ProduceRequest.Partition part, ProduceResponse.Partition answer, long now)
    {
        if (topic is not null ? TopicName.IsInternal(topic.Name) : TopicName.IsInternal(name))
        {
            (answer.ErrorCode, answer.ErrorMessage) = (ErrorCode.InvalidTopicException, "an internal topic, which only the broker writes to");
            return;
        }

        if (topic?.Find(part.Index) is not { } partition)
        {
            counts.MissProduce();
            (answer.ErrorCode, answer.ErrorMessage) = Missing(exchange, topic, part.Index);
            return;
        }

        partition.Counts.Produce();
        if (leads is not null && !leads(exchange.Connection.Listener, partition))
        {
            partition.Counts.FailProduce();
            (answer.ErrorCode, answer.ErrorMessage) = (ErrorCode.NotLeaderOrFollower, $"{partition.Name} has its leader elsewhere");
            return;
        }

        var validator = s_validator ??= new BatchValidator();
        var settings = topic.Settings;
        if (part.Records.IsNull)
        {
            partition.Counts.FailProduce();
            (answer.ErrorCode, answer.ErrorMessage) = (ErrorCode.InvalidRecord, $"no records for {partition.Name}; each partition of a request has exactly one record batch");
            return;
        }

        var sent = MemoryMarshal.AsMemory(part.Records.Bytes);
        var verdict = validator.Check(sent, exchange.Version, settings, now, out var batch);
        if (!verdict.IsSound)
        {
            counts.Reject(verdict.Error, sent.Length);
            partition.Counts.FailProduce();
            Tell(verdict, partition, answer);
            return;
        }

        if (settings.TimestampType == TimestampType.LogAppendTime) answer.LogAppendTimeMs = now;
        // A batch made anew lies in the validator's memory, which the next one takes.
        var isSent = batch.Span.Overlaps(sent.Span);
        wait.Append(partition, isSent ? batch : batch.ToArray(), isSent, answer, TransactionOf(exchange, batch.Span));
    }

    private static PartOfTransaction TransactionOf(Exchange exchange, ReadOnlySpan<byte> sound)
    {
        var batch = RecordBatch.Read(sound);
        if (!batch.Attributes.IsTransactional) return default;
        var id = ((ProduceRequest)exchange.Request).TransactionalId!;
        return new PartOfTransaction(id, batch.ProducerId, batch.ProducerEpoch, TransactionVerifier.SupportOfProduce(exchange.Version));
    }

    /// <summary>Looks before anything is checked: a transaction is allowed to a request as a whole.</summary>
    private static bool HasTransactional(ProduceRequest request)
    {
        foreach (var topic in request.TopicData)
        {
            foreach (var part in topic.PartitionData)
            {
                if (!part.Records.IsNull && RecordBatch.LooksTransactional(part.Records.Bytes.Span)) return true;
            }
        }

        return false;
    }

    private static (ErrorCode Error, string Message) Missing(Exchange exchange, HostedTopic? topic, int number) =>
        topic is not null ? (ErrorCode.UnknownTopicOrPartition, $"{topic.Name} has partitions 0 to {topic.Partitions.Count - 1}, not {number}")
        : exchange.Version >= FirstWithIds ? (ErrorCode.UnknownTopicId, "no topic has this id")
        : (ErrorCode.UnknownTopicOrPartition, "there is no topic of this name");

    private static void Tell(in BatchVerdict verdict, Partition partition, ProduceResponse.Partition answer)
    {
        answer.ErrorCode = verdict.Error;
        answer.ErrorMessage = $"{partition.Name}: {verdict.Message}";
        if (verdict.TellsStart && partition.Log is { } log) answer.LogStartOffset = log.StartOffset;
        foreach (var fault in verdict.Records ?? [])
            answer.RecordErrors.Add(new ProduceResponse.RecordError { BatchIndex = fault.Index, BatchIndexErrorMessage = fault.Message });
    }

    private static void Reset(ProduceResponse.Partition answer, int index)
    {
        answer.Reset();
        answer.Index = index;
        answer.BaseOffset = -1;
    }
}
