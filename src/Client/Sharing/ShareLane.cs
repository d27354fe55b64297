using Moldau.Client.Connections;
using Moldau.Client.Metadata;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Sharing;

/// <summary>
/// Reads what one broker leads: one session on one connection, and one request under way, so that acknowledgements never pass each
/// other. It does what the <see cref="ShareTable"/> plans.
/// </summary>
internal sealed class ShareLane(BrokerShare broker, ClientCore core, ShareConsumerOptions options, ShareTable table, Func<string> member, Func<int, BrokerInfo?> find, Action<BrokerInfo> learn, int owner)
{
    private const short FirstWithRenewals = 2;

    private readonly ShareFetchRequest _fetch = new() { GroupId = options.GroupId, Topics = [] };
    private readonly ShareFetchResponse _fetched = new();
    private readonly List<SharePartition> _targets = [];
    private BrokerConnection? _connection;

    public Task Ended { get; private set; } = Task.CompletedTask;

    public void Start(CancellationToken cancellation) => Ended = Task.Run(() => RunAsync(cancellation), CancellationToken.None);

    private async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (!table.IsEnding)
            {
                var turn = table.Plan(broker, _targets);
                if (turn.Work == ShareWork.Nothing) await broker.Bell.WaitAsync(turn.Wait, cancellation).ConfigureAwait(false);
                else await TurnAsync(turn, cancellation).ConfigureAwait(false);
            }

            await EndAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException)
        {
            // It was told to end at once, or the client was closed beneath it.
        }
        catch (Exception bug) when (bug is not OutOfMemoryException)
        {
            table.Broken(bug);
        }
    }

    private async Task TurnAsync(ShareTurn turn, CancellationToken cancellation)
    {
        var sent = SentAcknowledgements.None;
        var isSent = false;
        try
        {
            var connection = await ConnectAsync(cancellation).ConfigureAwait(false);
            var version = connection.Choose(turn.Work == ShareWork.Fetch ? ApiKey.ShareFetch : ApiKey.ShareAcknowledge);
            sent = table.Take(broker, version >= FirstWithRenewals);
            isSent = true;
            if (turn.Work == ShareWork.Fetch && !sent.HasRenewals) await FetchAsync(connection, version, turn.Room, sent, cancellation).ConfigureAwait(false);
            else if (!sent.IsEmpty) await AcknowledgeAsync(connection, sent, isLast: false, options: core.Options.RequestTimeout, cancellation).ConfigureAwait(false);
        }
        catch (KafkaException failure)
        {
            if (Retries.IsStaleness(failure.Code)) core.Metadata.MarkStale();
            // Whatever a connection brought, its broker gives to others when it ends.
            table.Failed(broker, sent, failure, losesAll: isSent && _connection is not { IsOpen: true });
        }
        finally
        {
            table.Over(broker);
        }
    }

    private async Task<BrokerConnection> ConnectAsync(CancellationToken cancellation)
    {
        var address = find(broker.Node) ?? throw new KafkaException(ErrorCode.BrokerNotAvailable, $"the cluster names no broker {broker.Node} now");
        var connection = await core.Pool.ToAsync(address, ConnectionRole.Fetching, cancellation, owner).ConfigureAwait(false);
        if (_connection is not null && !ReferenceEquals(connection, _connection))
            table.Failed(broker, SentAcknowledgements.None, new KafkaException(ErrorCode.NetworkException, "the connection that the records came by has ended", $"broker {broker.Node}"), losesAll: true);
        return _connection = connection;
    }

    private async Task FetchAsync(BrokerConnection connection, short version, int room, SentAcknowledgements sent, CancellationToken cancellation)
    {
        if (options.AcquireMode == ShareAcquireMode.RecordLimit && version < FirstWithRenewals)
            throw new KafkaException(ErrorCode.UnsupportedVersion, "the broker is too old for ShareAcquireMode.RecordLimit, which came with Kafka 4.2; ask for WholeBatches", $"broker {broker.Node}");
        _fetch.MemberId = member();
        _fetch.MaxWaitMs = (int)options.LongestWait.TotalMilliseconds;
        (_fetch.MinBytes, _fetch.MaxBytes) = (options.MinBytes, options.MaxBytes);
        (_fetch.MaxRecords, _fetch.BatchSize) = (room, room);
        _fetch.ShareAcquireMode = (sbyte)options.AcquireMode;
        broker.Session.Fill(_targets, sent, _fetch);
        var frame = await connection.SendPooledAsync(ApiKey.ShareFetch, version, _fetch, _fetched, core.Options.RequestTimeout + options.LongestWait, cancellation).ConfigureAwait(false);
        try
        {
            Take(sent, frame);
        }
        finally
        {
            frame.Release();
        }
    }

    private void Take(SentAcknowledgements sent, AnswerFrame frame)
    {
        Check(_fetched.ErrorCode, _fetched.ErrorMessage);
        table.Recovered(broker, _fetched.ThrottleTimeMs);
        table.Learn(_fetched.AcquisitionLockTimeoutMs);
        foreach (var endpoint in _fetched.NodeEndpoints) learn(new BrokerInfo(endpoint.NodeId, endpoint.Host, endpoint.Port, endpoint.Rack));
        var answered = new HashSet<SharePartition>();
        foreach (var topic in _fetched.Responses)
        {
            foreach (var answer in topic.Partitions)
            {
                if (Find(topic.TopicId, answer.PartitionIndex, sent) is not { } partition) continue;
                answered.Add(partition);
                table.Settle(broker, sent, partition, ErrorOf(partition, answer.AcknowledgeErrorCode, answer.AcknowledgeErrorMessage));
                if (answer.AcquiredRecords.Count > 0)
                {
                    var acquired = new AcquiredDecoder(partition, answer.AcquiredRecords, table.Spare, table.Now);
                    acquired.Run(frame, answer.Records.Bytes, options.BatchBytes);
                    table.Admit(broker, partition, acquired);
                }

                if (ErrorOf(partition, answer.ErrorCode, answer.ErrorMessage) is { } failure) Failed(partition, failure, answer.CurrentLeader.LeaderId, answer.CurrentLeader.LeaderEpoch);
            }
        }

        SettleRest(sent, answered);
    }

    private async Task AcknowledgeAsync(BrokerConnection connection, SentAcknowledgements sent, bool isLast, TimeSpan options, CancellationToken cancellation)
    {
        var version = connection.Choose(ApiKey.ShareAcknowledge);
        var request = new ShareAcknowledgeRequest { GroupId = _fetch.GroupId, MemberId = member(), IsRenewAck = sent.HasRenewals };
        broker.Session.Fill(sent, isLast, request);
        var answer = await connection.SendAsync<ShareAcknowledgeResponse>(ApiKey.ShareAcknowledge, version, request, options, cancellation).ConfigureAwait(false);
        Check(answer.ErrorCode, answer.ErrorMessage);
        table.Recovered(broker, answer.ThrottleTimeMs);
        table.Learn(answer.AcquisitionLockTimeoutMs);
        foreach (var endpoint in answer.NodeEndpoints) learn(new BrokerInfo(endpoint.NodeId, endpoint.Host, endpoint.Port, endpoint.Rack));
        var answered = new HashSet<SharePartition>();
        foreach (var topic in answer.Responses)
        {
            foreach (var told in topic.Partitions)
            {
                if (Find(topic.TopicId, told.PartitionIndex, sent) is not { } partition) continue;
                answered.Add(partition);
                var failure = ErrorOf(partition, told.ErrorCode, told.ErrorMessage);
                table.Settle(broker, sent, partition, failure);
                if (failure is not null && Retries.IsStaleness(failure.Code)) Failed(partition, failure, told.CurrentLeader.LeaderId, told.CurrentLeader.LeaderEpoch);
            }
        }

        SettleRest(sent, answered);
    }

    /// <summary>Tells what is left to be told, and has the broker give what is out to others.</summary>
    private async Task EndAsync(CancellationToken cancellation)
    {
        if (!broker.Session.IsOpen || _connection is not { IsOpen: true } connection) return;
        var sent = table.Take(broker, connection.Choose(ApiKey.ShareAcknowledge) >= FirstWithRenewals);
        try
        {
            await AcknowledgeAsync(connection, sent, isLast: true, core.Options.CloseTimeout, cancellation).ConfigureAwait(false);
        }
        catch (KafkaException failure)
        {
            // It notices by itself, when the connection ends.
            table.Failed(broker, sent, failure, losesAll: true);
        }
        finally
        {
            table.Over(broker);
        }
    }

    private void Check(ErrorCode code, string? told)
    {
        if (code == ErrorCode.None) return;
        throw KafkaException.Of(code, told, $"broker {broker.Node}");
    }

    private void Failed(SharePartition partition, KafkaException failure, int leader, int epoch)
    {
        if (Retries.IsStaleness(failure.Code)) core.Metadata.MarkStale();
        if (leader >= 0 && leader != broker.Node) table.Learn(partition, leader, epoch);
        table.Failed(broker, partition, failure);
    }

    private void SettleRest(SentAcknowledgements sent, HashSet<SharePartition> answered)
    {
        foreach (var partition in sent.Partitions)
        {
            if (!answered.Contains(partition))
                table.Settle(broker, sent, partition, new KafkaException(ErrorCode.UnknownServerError, "the broker said nothing of what it was told", partition.Where.ToString()));
        }
    }

    private SharePartition? Find(Protocol.Primitives.Uuid topic, int number, SentAcknowledgements sent)
    {
        foreach (var partition in _targets)
        {
            if (partition.Where.Partition == number && partition.TopicId == topic) return partition;
        }

        foreach (var partition in sent.Partitions)
        {
            if (partition.Where.Partition == number && partition.TopicId == topic) return partition;
        }

        return null;
    }

    private static KafkaException? ErrorOf(SharePartition partition, ErrorCode code, string? told) =>
        code == ErrorCode.None ? null : KafkaException.Of(code, told, partition.Where.ToString());
}
