using System.Globalization;
using System.Text;
using Moldau.Bench.Rows;

namespace Moldau.Bench.Clients.Worker;

/// <summary>The records that every client writes: the same keys and values in the same order.</summary>
internal sealed class Samples
{
    private const int Seed = 1;
    private const int Keys = 1024;
    private const int FewValues = 64;

    // More than a batch, or a codec would find the same values again in it.
    private const int ManyBytes = 2 << 20;

    private readonly byte[][] _keys;
    private readonly byte[][] _values;

    public Samples(ClientTask task)
    {
        var count = task.Codec == "none" ? FewValues : ManyBytes / task.ValueBytes;
        // A power of two, so that the next one is found by a mask.
        count = 1 << int.Log2(count);
        var lines = LogLines.Generate(Seed, count * task.ValueBytes);
        _values = new byte[count][];
        for (var i = 0; i < count; i++) _values[i] = Pinned(lines.AsSpan(i * task.ValueBytes, task.ValueBytes));
        _keys = new byte[Keys][];
        for (var i = 0; i < Keys; i++) _keys[i] = Pinned(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"customer-{i:D7}")));
    }

    public byte[] Value(long index) => _values[index & (_values.Length - 1)];

    public byte[] Key(long index) => _keys[index & (Keys - 1)];

    // So that a library in C can be given their place, without anybody holding them for it.
    private static byte[] Pinned(ReadOnlySpan<byte> bytes)
    {
        var pinned = GC.AllocateUninitializedArray<byte>(bytes.Length, pinned: true);
        bytes.CopyTo(pinned);
        return pinned;
    }
}
