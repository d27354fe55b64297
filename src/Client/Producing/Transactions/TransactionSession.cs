using Moldau.Client.Connections;
using Moldau.Client.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Producing.Transactions;

/// <summary>A producer's conversation with the coordinator of its transactional id.</summary>
internal sealed class TransactionSession(ClientCore core, ProducerOptions options)
{
    private const string Feature = "transaction.version";
    private const short FirstThatAddsByItself = 2;
    private const short HighestEndByHand = 4;
    private const short HighestAddByHand = 3;
    private const short HighestOffsetsByHand = 4;
    private const short FirstWithEpoch = 3;
    private const short FirstWithMember = 3;

    private readonly Lock _gate = new();
    private readonly TransactionStates _states = new(options.TransactionalId!);
    private readonly string _id = options.TransactionalId!;
    private (long Id, short Epoch)? _identity;
    private bool _isAdding;
    private bool _hasLost;

    /// <summary>Wakes the delivery loop.</summary>
    public Action Wake { get; set; } = static () => { };

    private Destination Coordinator => Destination.CoordinatorOfTransactions(_id);

    public (long Id, short Epoch)? Identity
    {
        get
        {
            lock (_gate) return _identity;
        }
    }

    public bool AddsByItself
    {
        get
        {
            lock (_gate) return _states.AddsByItself;
        }
    }

    /// <summary>Why what waits is to be given up; null where it is to be sent.</summary>
    public KafkaException? Error
    {
        get
        {
            lock (_gate) return _states.Error;
        }
    }

    public void CheckOpen()
    {
        lock (_gate) _states.CheckOpen();
    }

    /// <summary>The loop asks before the first batch goes to a partition, and is woken when it may.</summary>
    public bool MaySend(TopicPartition where)
    {
        lock (_gate)
        {
            if (_states.MaySend(where)) return true;
            if (_isAdding || _states.Wanted.Count == 0 || _states.Error is not null) return false;
            _isAdding = true;
        }

        _ = AddPartitionsAsync();
        return false;
    }

    /// <summary>A batch was lost.</summary>
    public void OnLost(KafkaException error)
    {
        lock (_gate)
        {
            _hasLost = true;
            _states.Fail(error, byCoordinator: false);
        }
    }

    public async Task BeginAsync(CancellationToken cancellation)
    {
        if (Phase() == TransactionPhase.Unknown) await IdentifyAsync(cancellation).ConfigureAwait(false);
        lock (_gate) _states.Begin();
    }

    public void BeginEnd(bool commits)
    {
        lock (_gate) _states.BeginEnd(commits);
        Wake();
    }

    /// <summary>Tells the coordinator how it ends. All that was written must be confirmed, or given up.</summary>
    public async Task EndAsync(bool commits, CancellationToken cancellation)
    {
        bool isBegun;
        (long Id, short Epoch) identity;
        bool addsByItself;
        lock (_gate) (isBegun, identity, addsByItself) = (_states.IsBegun, _identity!.Value, _states.AddsByItself);
        if (commits && Error is { } error) throw error;
        if (isBegun)
        {
            var response = await AskAsync<EndTxnResponse>(
                Coordinator, ApiKey.EndTxn, _ => new EndTxnRequest { TransactionalId = _id, ProducerId = identity.Id, ProducerEpoch = identity.Epoch, Committed = commits },
                static answer => answer.ErrorCode, addsByItself ? short.MaxValue : HighestEndByHand, cancellation).ConfigureAwait(false);
            if (addsByItself && response.ProducerEpoch >= 0) identity = (response.ProducerId, response.ProducerEpoch);
        }

        lock (_gate)
        {
            // By hand the epoch stays, and with it sequences that were lost leave a gap.
            var needsIdentity = !addsByItself && _hasLost;
            _identity = identity;
            _hasLost = false;
            _states.End(needsIdentity);
        }
    }

    /// <summary>Whether its coordinator was told to end it, and did not answer.</summary>
    public bool IsEnding => Phase() == TransactionPhase.Ending;

    /// <summary>Nobody knows how the transaction ended.</summary>
    public void Doubt()
    {
        lock (_gate) _states.Doubt();
    }

    public async Task SendOffsetsAsync(GroupIdentity group, IReadOnlyDictionary<TopicPartition, OffsetPosition> offsets, CancellationToken cancellation)
    {
        if (offsets.Count == 0) return;
        (long Id, short Epoch) identity;
        bool addsByItself;
        lock (_gate)
        {
            _states.CheckOpen();
            _states.MarkBegun();
            (identity, addsByItself) = (_identity!.Value, _states.AddsByItself);
        }

        if (!addsByItself)
        {
            await AskAsync<AddOffsetsToTxnResponse>(
                Coordinator, ApiKey.AddOffsetsToTxn,
                _ => new AddOffsetsToTxnRequest { TransactionalId = _id, ProducerId = identity.Id, ProducerEpoch = identity.Epoch, GroupId = group.GroupId },
                static answer => answer.ErrorCode, short.MaxValue, cancellation).ConfigureAwait(false);
        }

        await AskAsync<TxnOffsetCommitResponse>(
            Destination.CoordinatorOfGroup(group.GroupId), ApiKey.TxnOffsetCommit, version => Offsets(group, offsets, identity, version), FirstError,
            addsByItself ? short.MaxValue : HighestOffsetsByHand, cancellation).ConfigureAwait(false);
    }

    private static ErrorCode FirstError(TxnOffsetCommitResponse answer)
    {
        foreach (var topic in answer.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                if (partition.ErrorCode != ErrorCode.None) return partition.ErrorCode;
            }
        }

        return ErrorCode.None;
    }

    private TransactionPhase Phase()
    {
        lock (_gate) return _states.Phase;
    }

    private async Task IdentifyAsync(CancellationToken cancellation)
    {
        var features = await core.Router.AskAsync<ApiVersionsResponse>(
            Coordinator, ApiKey.ApiVersions, new ApiVersionsRequest { ClientSoftwareName = "moldau", ClientSoftwareVersion = "0" }, static answer => (answer.ErrorCode, null), cancellation).ConfigureAwait(false);
        var before = Identity;
        var response = await AskAsync<InitProducerIdResponse>(
            Coordinator, ApiKey.InitProducerId,
            version => new InitProducerIdRequest
            {
                TransactionalId = _id,
                TransactionTimeoutMs = (int)options.TransactionTimeout.TotalMilliseconds,
                // Who brings what it was is fenced where another has begun meanwhile; who does not would fence that one.
                ProducerId = version >= FirstWithEpoch ? before?.Id ?? -1 : -1,
                ProducerEpoch = version >= FirstWithEpoch ? before?.Epoch ?? -1 : (short)-1,
            },
            static answer => answer.ErrorCode, short.MaxValue, cancellation).ConfigureAwait(false);
        lock (_gate)
        {
            _identity = (response.ProducerId, response.ProducerEpoch);
            _states.AddsByItself = LevelOf(features) >= FirstThatAddsByItself;
            _states.Identify();
        }
    }

    private static short LevelOf(ApiVersionsResponse features)
    {
        foreach (var feature in features.FinalizedFeatures)
        {
            if (feature.Name == Feature) return feature.MaxVersionLevel;
        }

        return 0;
    }

    private async Task AddPartitionsAsync()
    {
        TopicPartition[] wanted;
        (long Id, short Epoch) identity;
        lock (_gate)
        {
            wanted = [.. _states.Wanted];
            identity = _identity!.Value;
            _states.MarkBegun();
        }

        try
        {
            await AskAsync<AddPartitionsToTxnResponse>(
                Coordinator, ApiKey.AddPartitionsToTxn, _ => Partitions(wanted, identity), static answer => FirstError(answer), HighestAddByHand, CancellationToken.None).ConfigureAwait(false);
            lock (_gate) _states.MarkAdded(wanted);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            OnLost(failure as KafkaException ?? new KafkaException(ErrorCode.UnknownServerError, $"partitions could not be added to the transaction: {failure.Message}", _id, failure));
        }

        lock (_gate) _isAdding = false;
        Wake();
    }

    /// <summary>The first that tells why: where one partition is refused, the others are only not attempted.</summary>
    private static ErrorCode FirstError(AddPartitionsToTxnResponse answer)
    {
        var first = ErrorCode.None;
        foreach (var topic in answer.ResultsByTopicV3AndBelow)
        {
            foreach (var partition in topic.ResultsByPartition)
            {
                if (partition.PartitionErrorCode == ErrorCode.None) continue;
                if (partition.PartitionErrorCode != ErrorCode.OperationNotAttempted) return partition.PartitionErrorCode;
                first = partition.PartitionErrorCode;
            }
        }

        return first;
    }

    private AddPartitionsToTxnRequest Partitions(TopicPartition[] partitions, (long Id, short Epoch) identity)
    {
        var request = new AddPartitionsToTxnRequest { V3AndBelowTransactionalId = _id, V3AndBelowProducerId = identity.Id, V3AndBelowProducerEpoch = identity.Epoch };
        var topics = new Dictionary<string, AddPartitionsToTxnRequest.Topic>(StringComparer.Ordinal);
        foreach (var where in partitions)
        {
            if (!topics.TryGetValue(where.Topic, out var topic))
            {
                topics[where.Topic] = topic = new AddPartitionsToTxnRequest.Topic { Name = where.Topic };
                request.V3AndBelowTopics.Add(topic);
            }

            topic.Partitions.Add(where.Partition);
        }

        return request;
    }

    private TxnOffsetCommitRequest Offsets(GroupIdentity group, IReadOnlyDictionary<TopicPartition, OffsetPosition> offsets, (long Id, short Epoch) identity, short version)
    {
        var request = new TxnOffsetCommitRequest { TransactionalId = _id, GroupId = group.GroupId, ProducerId = identity.Id, ProducerEpoch = identity.Epoch };
        if (version >= FirstWithMember) (request.GenerationId, request.MemberId, request.GroupInstanceId) = (group.GenerationOrEpoch, group.MemberId, group.InstanceId);
        var topics = new Dictionary<string, TxnOffsetCommitRequest.Topic>(StringComparer.Ordinal);
        foreach (var (where, position) in offsets)
        {
            if (!topics.TryGetValue(where.Topic, out var topic))
            {
                topics[where.Topic] = topic = new TxnOffsetCommitRequest.Topic { Name = where.Topic };
                request.Topics.Add(topic);
            }

            topic.Partitions.Add(new TxnOffsetCommitRequest.Partition
            {
                PartitionIndex = where.Partition, CommittedOffset = position.Offset, CommittedLeaderEpoch = position.LeaderEpoch, CommittedMetadata = position.Metadata,
            });
        }

        return request;
    }

    /// <summary>Asks until it is answered; what fails for good decides what can still be done.</summary>
    private async Task<TResponse> AskAsync<TResponse>(
        Destination destination, ApiKey key, Func<short, IMessage> request, Func<TResponse, ErrorCode> error, short highest, CancellationToken cancellation)
        where TResponse : IMessage, new()
    {
        try
        {
            return await core.Router.AskAsync<TResponse>(destination, key, request, answer => (error(answer), null), cancellation, highest).ConfigureAwait(false);
        }
        catch (KafkaException failure) when (TransactionStates.IsFence(failure.Code))
        {
            var fenced = new ProducerFencedException(failure.Code, _id, failure);
            lock (_gate) _states.Fail(fenced, byCoordinator: true);
            throw fenced;
        }
        catch (KafkaException failure) when (key != ApiKey.EndTxn || !failure.IsTransient)
        {
            lock (_gate) _states.Fail(failure, byCoordinator: true);
            throw;
        }
    }
}
