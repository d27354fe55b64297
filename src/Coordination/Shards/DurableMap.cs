using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Moldau.Coordination.Shards;

/// <summary>A map whose changes can be taken back. Values are immutable, or maps of this kind on the same undo log.</summary>
public sealed class DurableMap<TKey, TValue>(UndoLog undo) : IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    private readonly Dictionary<TKey, TValue> _values = [];

    public int Count => _values.Count;

    public IEnumerable<TKey> Keys => _values.Keys;

    public IEnumerable<TValue> Values => _values.Values;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value) => _values.TryGetValue(key, out value);

    public TValue? Find(TKey key) => _values.GetValueOrDefault(key);

    public bool Contains(TKey key) => _values.ContainsKey(key);

    public void Set(TKey key, TValue value)
    {
        NoteOld(key);
        _values[key] = value;
    }

    public void Remove(TKey key)
    {
        if (!_values.ContainsKey(key)) return;
        NoteOld(key);
        _values.Remove(key);
    }

    public Dictionary<TKey, TValue>.Enumerator GetEnumerator() => _values.GetEnumerator();

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void NoteOld(TKey key)
    {
        if (!undo.IsOn) return;
        if (_values.TryGetValue(key, out var old)) undo.Note(() => _values[key] = old);
        else undo.Note(() => _values.Remove(key));
    }
}
