namespace Moldau.Coordination.Shards;

/// <summary>An immutable value whose changes can be taken back.</summary>
public sealed class DurableValue<T>(UndoLog undo, T initial)
{
    public T Value { get; private set; } = initial;

    public void Set(T value)
    {
        var old = Value;
        if (undo.IsOn) undo.Note(() => Value = old);
        Value = value;
    }
}
