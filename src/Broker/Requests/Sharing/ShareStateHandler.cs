using Moldau.Broker.Coordinators.ShareStates;
using Moldau.Broker.Network;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Sharing;

/// <summary>
/// InitializeShareGroupState, ReadShareGroupState, WriteShareGroupState, DeleteShareGroupState, ReadShareGroupStateSummary: what other
/// brokers ask this one's share coordinators.
/// </summary>
internal sealed class ShareStateHandler<TRequest, TResponse>(ShareStateShards shards, NetworkLog log) : TypedHandler<TRequest, TResponse>(log)
    where TRequest : class, IMessage
    where TResponse : class, IMessage
{
    protected override async ValueTask HandleAsync(Exchange exchange, TRequest request, TResponse response) => exchange.Answer(await shards.AskAsync(request).ConfigureAwait(false));

    protected override void Refuse(TRequest request, TResponse response, ErrorCode error, string? message)
    {
        foreach (var row in ShareStateQuestion.Of(request, response).Rows) row.Failed(error, message);
    }
}
