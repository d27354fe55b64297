using System.Buffers;

namespace Moldau.Client.Connections;

/// <summary>
/// An answer's bytes. Where its array came from the pool it goes back when the last holder releases it; who reads views of it
/// later reads another answer.
/// </summary>
internal sealed class AnswerFrame
{
    private readonly bool _isPooled;
    private int _holders = 1;

    private AnswerFrame(byte[] array, int length, bool isPooled)
    {
        Array = array;
        Length = length;
        _isPooled = isPooled;
    }

    /// <summary>At least as long as the answer.</summary>
    public byte[] Array { get; }

    public int Length { get; }

    public ReadOnlyMemory<byte> Bytes => Array.AsMemory(0, Length);

    public static AnswerFrame Rent(int length) => new(ArrayPool<byte>.Shared.Rent(length), length, isPooled: true);

    public static AnswerFrame Allocate(int length) => new(GC.AllocateUninitializedArray<byte>(length), length, isPooled: false);

    /// <summary>One more holder.</summary>
    public void Retain() => Interlocked.Increment(ref _holders);

    public void Release()
    {
        var left = Interlocked.Decrement(ref _holders);
        if (left < 0) throw new InvalidOperationException("an answer was given back twice");
        if (left == 0 && _isPooled) ArrayPool<byte>.Shared.Return(Array);
    }
}
