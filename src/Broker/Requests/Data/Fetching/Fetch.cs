using Moldau.Broker.Diagnostics.Counting;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Broker.Timing;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Requests.Data.Fetching;

/// <summary>Fetch: which partitions are asked for, by the request or its session; the rest is <see cref="FetchWork"/>'s.</summary>
internal sealed class Fetch(HostedTopics topics, FetchSessions sessions, Delays delays, LiveSettings settings, DataCounts counts, Func<ListenerFacts, Partition, bool>? leads)
    : RequestHandler
{
    private const short FirstWithIds = 13;
    private const short FirstWithSessions = 7;
    private const int NoSession = 0;
    private const int FinalEpoch = -1;
    private const int InitialEpoch = 0;

    public override void Start(Exchange exchange)
    {
        var request = (FetchRequest)exchange.Request;
        var work = FetchWork.For(exchange, delays, sessions, counts);
        work.Access = exchange.Access;
        work.Leads = leads;
        work.IsReplica = IsReplica(request);
        if (work.IsReplica && !work.Access.AllowsCluster(AclOperation.ClusterAction)) work.IsForbidden = true;
        if (Choose(exchange, request, work) is var error && error != ErrorCode.None)
        {
            Refuse(exchange, error, null);
            exchange.Complete();
            return;
        }

        var most = Math.Min(request.MaxBytes, settings.Current.Requests.MaxFetchBytes);
        work.Start(request, work.IsReplica ? most : exchange.Connection.Quotas.MostFetched(exchange, most));
    }

    public override void Refuse(Exchange exchange, ErrorCode error, string? message)
    {
        var response = (FetchResponse)exchange.Response;
        if (exchange.Version >= FirstWithSessions)
        {
            response.ErrorCode = error;
            return;
        }

        foreach (var topic in ((FetchRequest)exchange.Request).Topics)
        {
            var answered = new FetchResponse.FetchedTopic { Topic = topic.Topic };
            foreach (var partition in topic.Partitions)
            {
                answered.Partitions.Add(new FetchResponse.FetchedPartition
                {
                    PartitionIndex = partition.Partition, ErrorCode = error, HighWatermark = -1, Records = RecordData.Of(default),
                });
            }

            response.Responses.Add(answered);
        }
    }

    private static bool IsReplica(FetchRequest request) => request.ReplicaId >= 0 || request.ReplicaState.ReplicaId >= 0;

    private ErrorCode Choose(Exchange exchange, FetchRequest request, FetchWork work)
    {
        var usesIds = exchange.Version >= FirstWithIds;
        if (exchange.Version < FirstWithSessions || request.SessionEpoch is FinalEpoch or InitialEpoch)
        {
            if (request.SessionId != NoSession && sessions.Find(request.SessionId) is { } old) sessions.Remove(old);
            var isNew = exchange.Version >= FirstWithSessions && request.SessionEpoch == InitialEpoch;
            work.IsSessionNew = isNew;
            var session = isNew ? sessions.Create(usesIds, work.IsReplica, exchange.Received) : null;
            TakeAll(request, usesIds, work, session);
            return ErrorCode.None;
        }

        if (sessions.Find(request.SessionId) is not { } known) return ErrorCode.FetchSessionIdNotFound;
        lock (known.Sync)
        {
            if (known.Epoch != request.SessionEpoch) return ErrorCode.InvalidFetchSessionEpoch;
            if (known.UsesIds != usesIds) return ErrorCode.FetchSessionTopicIdError;
            Update(request, known);
            known.LastUsed = exchange.Received;
            known.Epoch = known.Epoch == int.MaxValue ? 1 : known.Epoch + 1;
            foreach (var partition in known.Partitions) Take(work, partition, usesIds);
            work.Session = known;
            work.IsIncremental = true;
            if (known.Count > 0) return ErrorCode.None;
        }

        sessions.Remove(known);
        work.IsSessionOver = true;
        return ErrorCode.None;
    }

    private static ErrorCode Missing(HostedTopic? topic, bool usesIds) =>
        topic is null && usesIds ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition;

    private static bool MayNotRead(FetchWork work, string? topic) =>
        work.IsForbidden || (!work.IsReplica && topic is not null && !work.Access.Allows(AclOperation.Read, AclResource.Topic, topic));

    private static void Update(FetchRequest request, FetchSession session)
    {
        foreach (var topic in request.Topics)
        {
            foreach (var asked in topic.Partitions) session.Add(topic.Topic, topic.TopicId, asked);
        }

        foreach (var topic in request.ForgottenTopicsData)
        {
            foreach (var number in topic.Partitions) session.Remove(topic.Topic, topic.TopicId, number);
        }
    }

    private void TakeAll(FetchRequest request, bool usesIds, FetchWork work, FetchSession? session)
    {
        work.Session = session;
        if (session is not null)
        {
            lock (session.Sync)
            {
                foreach (var topic in request.Topics)
                {
                    foreach (var asked in topic.Partitions) session.Add(topic.Topic, topic.TopicId, asked);
                }

                foreach (var partition in session.Partitions) Take(work, partition, usesIds);
            }

            return;
        }

        foreach (var topic in request.Topics)
        {
            var hosted = usesIds ? topics.Find(topic.TopicId) : topics.Find(topic.Topic);
            foreach (var asked in topic.Partitions)
            {
                var item = Add(work, hosted, topic.Topic, topic.TopicId, asked.Partition, usesIds);
                item.CurrentLeaderEpoch = asked.CurrentLeaderEpoch;
                item.Offset = asked.FetchOffset;
                item.LastFetchedEpoch = asked.LastFetchedEpoch;
                item.MaxBytes = asked.PartitionMaxBytes;
            }
        }
    }

    private void Take(FetchWork work, SessionPartition partition, bool usesIds)
    {
        var hosted = usesIds ? topics.Find(partition.TopicId) : topics.Find(partition.Topic);
        var item = Add(work, hosted, partition.Topic, partition.TopicId, partition.Number, usesIds);
        item.Session = partition;
        item.CurrentLeaderEpoch = partition.CurrentLeaderEpoch;
        item.Offset = partition.Offset;
        item.LastFetchedEpoch = partition.LastFetchedEpoch;
        item.MaxBytes = partition.MaxBytes;
    }

    private static FetchItem Add(FetchWork work, HostedTopic? hosted, string topic, Uuid topicId, int number, bool usesIds)
    {
        var item = work.Add();
        item.Topic = topic;
        item.TopicId = topicId;
        item.Number = number;
        item.Partition = hosted?.Find(number);
        item.Missing = Missing(hosted, usesIds);
        if (MayNotRead(work, usesIds ? hosted?.Name : topic)) (item.Partition, item.Missing) = (null, ErrorCode.TopicAuthorizationFailed);
        item.Session = null;
        return item;
    }
}
