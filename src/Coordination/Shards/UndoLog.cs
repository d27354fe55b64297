namespace Moldau.Coordination.Shards;

/// <summary>
/// What the durable state's maps held before they were changed, as far as the changes are not committed. Positions count
/// changes since the shard was made, and never go down except by going back.
/// </summary>
public sealed class UndoLog
{
    private readonly List<Action> _changes = [];
    private long _firstPosition;

    /// <summary>Off while a shard is loaded: what was read from the log is committed.</summary>
    public bool IsOn { get; set; }

    /// <summary>What was changed before is committed.</summary>
    public long FirstPosition => _firstPosition;

    public long Position => _firstPosition + _changes.Count;

    public void Note(Action back)
    {
        if (IsOn) _changes.Add(back);
    }

    /// <summary>Changes below the position stay.</summary>
    public void Commit(long position)
    {
        var count = (int)(position - _firstPosition);
        _changes.RemoveRange(0, count);
        _firstPosition = position;
    }

    /// <summary>Changes from the position on are taken back, the last one first.</summary>
    public void GoBack(long position)
    {
        while (Position > position)
        {
            var back = _changes[^1];
            _changes.RemoveAt(_changes.Count - 1);
            back();
        }
    }
}
