using System.Buffers.Binary;
using Moldau.Fuzz.Engine;

namespace Moldau.Fuzz.Breaks;

/// <summary>A reader of a list of strings, each behind its length, that may forget one check.</summary>
internal sealed class FaultyTarget(FaultyTarget.Fault fault) : FuzzTarget
{
    // What an unchecked count would take is cut off here, to spare the machine the test runs on.
    private const int MostAllocated = 32 << 20;

    private volatile bool _isReleased;

    public enum Fault
    {
        None,
        AllocatesByClaimedCount,
        LoopsOnEmptyElement,
        ReadsPastTheEnd,
    }

    public override string Name => "faulty";

    public override IEnumerable<byte[]> Seeds(int seed) => [[0, 0, 0, 2, 3, 1, 2, 3, 1, 9]];

    /// <summary>Lets a reader that loops go.</summary>
    public void Release() => _isReleased = true;

    public override void Read(byte[] input)
    {
        if (input.Length < 4) throw new InvalidDataException("no count");
        var count = BinaryPrimitives.ReadInt32BigEndian(input);
        if (fault == Fault.AllocatesByClaimedCount) GC.KeepAlive(new byte[Math.Clamp(count, 0, MostAllocated)]);
        if (count < 0 || count > input.Length - 4) throw new InvalidDataException("more elements than bytes");
        var at = 4;
        for (var i = 0; i < count; i++)
        {
            if (fault != Fault.ReadsPastTheEnd && at >= input.Length) throw new InvalidDataException("no length");
            var length = input[at];
            while (fault == Fault.LoopsOnEmptyElement && length == 0 && !_isReleased) Thread.Yield();
            at += 1 + length;
        }
    }

    public override bool IsDocumented(Exception exception) => exception is InvalidDataException;

    public override long AllowedAllocation(int inputLength) => (64 * 1024) + (200 * inputLength);
}
