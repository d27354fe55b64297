using Moldau.ProtocolGenerator.Definitions;

namespace Moldau.Shared.Messages;

/// <summary>Single values: the extremes of each type, and lengths on both sides of where their own encoding grows.</summary>
internal sealed class RandomValues(Random random)
{
    // One to four bytes of UTF-8 each, and what a careless writer of JSON would break.
    private static readonly string[] Characters =
        ["a", "Z", "7", "-", ".", "\"", "\\", "\0", "\n", "\u007f", "é", "ß", "Ж", "\u07ff", "ࠀ", "漢", "字", "\ufeff", "\uffff", "🜁", "😀", "\U0010ffff"];

    public bool Chance(int percent) => random.Next(100) < percent;

    public int Below(int limit) => random.Next(limit);

    public object Value(WireKind kind) => kind switch
    {
        WireKind.Bool => Chance(50),
        WireKind.Int8 => Integer(sbyte.MinValue, sbyte.MaxValue),
        WireKind.Int16 or WireKind.Error => Integer(short.MinValue, short.MaxValue),
        WireKind.UInt16 => Integer(0, ushort.MaxValue),
        WireKind.Int32 => Integer(int.MinValue, int.MaxValue),
        WireKind.UInt32 => Integer(0, uint.MaxValue),
        WireKind.Int64 => Integer(long.MinValue, long.MaxValue),
        WireKind.Float64 => Float(),
        WireKind.Uuid => Chance(20) ? new byte[16] : Bytes(16),
        WireKind.String => Text(Length()),
        WireKind.Bytes or WireKind.Records => Bytes(Length()),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "has no single value"),
    };

    /// <summary>What a sparse message carries where it may not be null.</summary>
    public static object Nothing(WireKind kind) => kind switch
    {
        WireKind.Bool => false,
        WireKind.Float64 => 0.0,
        WireKind.Uuid => new byte[16],
        WireKind.String => "",
        WireKind.Bytes or WireKind.Records => Array.Empty<byte>(),
        _ => 0L,
    };

    /// <summary>Mostly short; now and then beyond the lengths that one byte of a varint can tell.</summary>
    private int Length() => random.Next(20) switch
    {
        0 => 0,
        1 => 126 + random.Next(4),
        2 => random.Next(400),
        _ => 1 + random.Next(12),
    };

    private long Integer(long lowest, long highest) => random.Next(8) switch
    {
        0 => lowest,
        1 => highest,
        2 => 0L,
        3 => Math.Max(lowest, -1L),
        4 => 1L,
        5 => Math.Clamp(random.NextInt64(-300, 300), lowest, highest),
        _ => random.NextInt64(lowest, highest),
    };

    private double Float() => random.Next(6) switch
    {
        0 => 0.0,
        1 => -0.0,
        2 => double.MaxValue,
        3 => double.Epsilon,
        4 => -1.5,
        _ => (random.NextDouble() - 0.5) * 1e9,
    };

    private string Text(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => Characters[random.Next(Characters.Length)]));

    private byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
