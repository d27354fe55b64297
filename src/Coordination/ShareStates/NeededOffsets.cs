using Moldau.Protocol.Messages;

namespace Moldau.Coordination.ShareStates;

/// <summary>Where the last snapshot of each share-partition lies: what is older than the oldest of them counts no more.</summary>
internal sealed class NeededOffsets
{
    private readonly Dictionary<SharePartitionKey, long> _snapshots = [];
    private long _end;

    // Asked for once in minutes.
    public long First => _snapshots.Count == 0 ? _end : _snapshots.Values.Min();

    public void Stands(IMessage key, bool isTombstone, long offset)
    {
        _end = offset + 1;
        if (key is not ShareSnapshotKey snapshot) return;
        var of = new SharePartitionKey(snapshot.GroupId, snapshot.TopicId, snapshot.Partition);
        if (isTombstone) _snapshots.Remove(of);
        else _snapshots[of] = offset;
    }
}
