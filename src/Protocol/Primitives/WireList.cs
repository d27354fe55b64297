using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Primitives;

/// <summary>
/// A message's array. <see cref="Clear"/> keeps the elements, and reading a message into it again reuses them: a
/// connection that reads one kind of request over and over stops allocating.
/// </summary>
public sealed class WireList<T> : IReadOnlyList<T>
{
    private T[] _items = [];
    private int _count;

    public int Count => _count;

    public T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count, nameof(index));
            return _items[index];
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count, nameof(index));
            _items[index] = value;
        }
    }

    public ReadOnlySpan<T> Span => _items.AsSpan(0, _count);

    public void Add(T item)
    {
        if (_count == _items.Length) Grow();
        _items[_count++] = item;
    }

    /// <summary>Takes an element back into the list that an earlier <see cref="Clear"/> left behind; it still holds its old content.</summary>
    public bool TryReuse([MaybeNullWhen(false)] out T item)
    {
        if (_count < _items.Length && _items[_count] is { } kept)
        {
            _count++;
            item = kept;
            return true;
        }

        item = default;
        return false;
    }

    public void Clear() => _count = 0;

    public ReadOnlySpan<T>.Enumerator GetEnumerator() => Span.GetEnumerator();

    IEnumerator<T> IEnumerable<T>.GetEnumerator()
    {
        for (var i = 0; i < _count; i++) yield return _items[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<T>)this).GetEnumerator();

    // Doubling from a small start: memory follows the elements that were really read, never a length that was claimed.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow() => Array.Resize(ref _items, Math.Max(4, _items.Length * 2));
}
