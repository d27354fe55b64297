using Moldau.Broker.Coordinators.ShareStates;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Requests.Data.Producing;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Coordinators.Transactions;

/// <summary>On one node all peers are this broker.</summary>
internal sealed class LocalPeers(ProducerIds ids, MetadataFollower metadata, Func<TransactionShards> transactions, Func<MarkerWriter> markers, Func<ShareStateShards> shareStates) : IPeers
{
    private const short WithBump = 2;

    public async Task<IMessage?> AskAsync(IMessage request) => request switch
    {
        InitProducerIdRequest => new InitProducerIdResponse { ProducerId = await ids.NextAsync().ConfigureAwait(false) },
        AddPartitionsToTxnRequest adding => await AddAsync(adding).ConfigureAwait(false),
        WriteTxnMarkersRequest ending => Tell(await markers().WriteAsync(ending).ConfigureAwait(false)),
        InitializeShareGroupStateRequest or ReadShareGroupStateRequest or WriteShareGroupStateRequest or DeleteShareGroupStateRequest or ReadShareGroupStateSummaryRequest =>
            await shareStates().AskAsync(request).ConfigureAwait(false),
        _ => throw new ArgumentException($"brokers do not ask each other {request.Name}", nameof(request)),
    };

    private async Task<AddPartitionsToTxnResponse> AddAsync(AddPartitionsToTxnRequest request)
    {
        var response = new AddPartitionsToTxnResponse();
        for (var i = 0; i < request.Transactions.Count; i++)
        {
            var asked = request.Transactions[i];
            var (error, part) = await transactions().AskAsync<AddPartitionsToTxnResponse>(
                asked.TransactionalId, (machine, reply, outcome) => machine.AddPartitions(asked, WithBump, reply, outcome)).ConfigureAwait(false);
            if (error != ErrorCode.None) response.ErrorCode = error;
            else response.ResultsByTransaction.Add(part.ResultsByTransaction[0]);
        }

        return response;
    }

    /// <summary>A coordinator must not ask for ever for what was deleted.</summary>
    private WriteTxnMarkersResponse Tell(WriteTxnMarkersResponse response)
    {
        var image = metadata.Current;
        foreach (var marker in response.Markers)
        {
            foreach (var topic in marker.Topics)
            {
                foreach (var partition in topic.Partitions)
                {
                    if (partition.ErrorCode != ErrorCode.UnknownTopicOrPartition) continue;
                    var isThere = image.FindTopic(topic.Name) is { } known && partition.PartitionIndex < known.PartitionCount;
                    partition.ErrorCode = isThere ? ErrorCode.NotLeaderOrFollower : ErrorCode.UnknownTopicId;
                }
            }
        }

        return response;
    }
}
