using Moldau.Coordination.Shards;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Coordinators;

/// <summary>Takes what a machine asks of others there; the answer is an event of the shard that asked, where it is still the one.</summary>
internal sealed class PeerDelivery(Func<IPeers> peers, CoordinatorLogbook log)
{
    public void Deliver<TMachine>(ShardRuntime<TMachine> shard, PeerRequest request)
        where TMachine : class, IShardMachine => _ = BringAsync(shard, request);

    private async Task BringAsync<TMachine>(ShardRuntime<TMachine> shard, PeerRequest request)
        where TMachine : class, IShardMachine
    {
        IMessage? response = null;
        try
        {
            response = await peers().AskAsync(request.Request).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            log.EventFailed(shard.Partition.Name, fault);
        }

        shard.Run(new NoReply(), (_, outcome) => request.Answered(response, outcome));
    }
}
