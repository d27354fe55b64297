namespace Moldau.Storage.Files.Memory;

/// <summary>What a name stands for: a file's content or a folder.</summary>
internal abstract class MemoryNode
{
    public abstract void Flush();

    /// <summary>A flush that failed: what was pending is lost, whatever succeeds afterwards.</summary>
    public abstract void ForgetPending();

    /// <summary>A flush of the whole disk that failed: as <see cref="ForgetPending"/>, but the node's own next flush tells of it.</summary>
    public abstract void LosePending();

    /// <summary>This node as it is found on a disk after a crash.</summary>
    public abstract MemoryNode AfterCrash(Random chance, MemoryRoom room, Lock sync);
}
