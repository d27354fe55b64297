using Moldau.Coordination.Shards;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer;

/// <summary>
/// At which member epoch each partition is held, by whoever may still use it. A member is given none that stands here: that
/// no partition has two owners hangs on it.
/// </summary>
internal sealed class PartitionEpochs(UndoLog undo)
{
    private readonly DurableMap<(Uuid Topic, int Partition), int> _epochs = new(undo);

    public bool IsHeld(Uuid topic, int partition) => _epochs.Contains((topic, partition));

    public void Change(ConsumerMember? from, ConsumerMember? to)
    {
        if (from is not null)
        {
            Release(from.Assigned, from.Epoch);
            Release(from.Revoking, from.Epoch);
        }

        if (to is null) return;
        Hold(to.Assigned, to.Epoch);
        Hold(to.Revoking, to.Epoch);
    }

    private void Hold(OwnedPartitions owned, int epoch)
    {
        foreach (var (topic, parts) in owned.Topics)
        {
            foreach (var (partition, _) in parts) _epochs.Set((topic, partition), epoch);
        }
    }

    // Records of a static member's replacement may come in either order: only the one that holds it releases it.
    private void Release(OwnedPartitions owned, int epoch)
    {
        foreach (var (topic, parts) in owned.Topics)
        {
            foreach (var (partition, _) in parts)
            {
                if (_epochs.TryGet((topic, partition), out var held) && held == epoch) _epochs.Remove((topic, partition));
            }
        }
    }
}
