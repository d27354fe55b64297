using System.Numerics;
using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>The way from a state and a symbol to the state before it, which is how FSE encodes (RFC 8878 section 4.1).</summary>
internal sealed unsafe class FseEncodeTable
{
    private const int MaxStates = 1 << 9;
    private const int MaxSymbols = 64;

    private readonly PinnedTable<ushort> _states = new(MaxStates);
    private readonly PinnedTable<Step> _steps = new(MaxSymbols);
    private readonly short[] _counts = new short[MaxSymbols];
    private int _symbolCount;

    public int AccuracyLog { get; private set; }

    public ushort* States => _states.Pointer;

    public Step* Steps => _steps.Pointer;

    public void Build(ReadOnlySpan<short> counts, int accuracyLog)
    {
        AccuracyLog = accuracyLog;
        _symbolCount = counts.Length;
        counts.CopyTo(_counts);

        var size = 1 << accuracyLog;
        var symbols = stackalloc byte[MaxStates];
        FseLayout.Spread(counts, accuracyLog, symbols);
        var next = stackalloc int[MaxSymbols];
        var total = 0;
        for (var symbol = 0; symbol < counts.Length; symbol++)
        {
            next[symbol] = total;
            int count = Math.Abs(counts[symbol]);
            if (count == 0) continue;
            // A state below count << maxBits drops one bit less; the subtraction carries into the bit count then.
            var maxBits = count == 1 ? accuracyLog : accuracyLog - BitOperations.Log2((uint)count - 1);
            _steps.Pointer[symbol] = new Step { BitsDelta = (maxBits << 16) - (count << maxBits), StateDelta = total - count };
            total += count;
        }
        for (var state = 0; state < size; state++) _states.Pointer[next[symbols[state]]++] = (ushort)(size + state);
    }

    /// <summary>A table whose one state takes no bits, for a field that has the same code throughout.</summary>
    public void BuildSingle(int symbol)
    {
        AccuracyLog = 0;
        _symbolCount = 0;
        _states.Pointer[0] = 0;
        _steps.Pointer[symbol] = default;
    }

    /// <summary>The cost in 1/256 bit of coding so many symbols, or null when one of them is not in the table.</summary>
    public long? Cost(ReadOnlySpan<uint> histogram)
    {
        var cost = 0L;
        for (var symbol = 0; symbol < histogram.Length; symbol++)
        {
            if (histogram[symbol] == 0) continue;
            if (symbol >= _symbolCount || _counts[symbol] == 0) return null;
            cost += histogram[symbol] * (long)(AccuracyLog * FixedLog2.One - FixedLog2.Of(Math.Abs(_counts[symbol])));
        }
        return cost;
    }

    /// <summary>The state to begin with, that is the reader's last: any that stands for the symbol does.</summary>
    public uint FirstState(int symbol)
    {
        var step = _steps.Pointer[symbol];
        var bits = (step.BitsDelta + (1 << 15)) >> 16;
        var value = (bits << 16) - step.BitsDelta;
        return _states.Pointer[(value >> bits) + step.StateDelta];
    }

    /// <summary>Writes what leads the reader from the state for <paramref name="symbol"/> to <paramref name="state"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Encode(ref BitWriter writer, ushort* states, Step* steps, uint state, int symbol)
    {
        var step = steps + symbol;
        var bits = (int)((state + (uint)step->BitsDelta) >> 16);
        writer.Add(state & ((1u << bits) - 1), bits);
        return states[(int)(state >> bits) + step->StateDelta];
    }

    internal struct Step
    {
        public int BitsDelta;
        public int StateDelta;
    }
}
