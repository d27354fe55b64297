namespace Moldau.Fuzz.Engine;

/// <summary>Makes faulty inputs out of sound ones. The same random numbers make the same inputs.</summary>
internal sealed class Mutator(Random random, int maxLength)
{
    private const int LongestRun = 64;

    public byte[] Next(IReadOnlyList<byte[]> corpus)
    {
        if (corpus.Count == 0 || random.Next(64) == 0) return Noise(random.Next(4) == 0 ? random.Next(maxLength) : random.Next(LongestRun));
        var bytes = new List<byte>(Any(corpus));
        do Mutate(bytes, corpus);
        while (random.Next(3) == 0);
        if (bytes.Count > maxLength) bytes.RemoveRange(maxLength, bytes.Count - maxLength);
        return [.. bytes];
    }

    private void Mutate(List<byte> bytes, IReadOnlyList<byte[]> corpus)
    {
        var at = random.Next(bytes.Count + 1);
        switch (random.Next(10))
        {
            case 0 when bytes.Count > 0:
                bytes[random.Next(bytes.Count)] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when bytes.Count > 0:
                bytes[random.Next(bytes.Count)] = SomeByte();
                break;
            case 2:
                bytes.InsertRange(at, Noise(random.Next(1, 9)));
                break;
            case 3:
                bytes.RemoveRange(at, random.Next(Math.Min(LongestRun, bytes.Count - at) + 1));
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5:
                Splice(bytes, at, Any(corpus));
                break;
            case 6:
                Repeat(bytes, at);
                break;
            case 7:
                bytes.InsertRange(at, Extremes.Next(random, bytes.Count - at));
                break;
            default:
                Overwrite(bytes, at, Extremes.Next(random, bytes.Count - at));
                break;
        }
    }

    /// <summary>The front of one and a part of another.</summary>
    private void Splice(List<byte> bytes, int at, byte[] other)
    {
        var from = random.Next(other.Length + 1);
        if (random.Next(2) == 0) bytes.RemoveRange(at, bytes.Count - at);
        bytes.InsertRange(at, other.AsSpan(from, random.Next(other.Length - from + 1)).ToArray());
    }

    private void Repeat(List<byte> bytes, int at)
    {
        var run = bytes.GetRange(at, random.Next(Math.Min(LongestRun, bytes.Count - at) + 1));
        for (var times = random.Next(1, 9); times > 0 && bytes.Count < maxLength; times--) bytes.InsertRange(at, run);
    }

    private static void Overwrite(List<byte> bytes, int at, byte[] with)
    {
        for (var i = 0; i < with.Length && at + i < bytes.Count; i++) bytes[at + i] = with[i];
    }

    private byte[] Noise(int length)
    {
        var noise = new byte[length];
        // Half of it small numbers, which pass for counts and lengths.
        if (random.Next(2) == 0) random.NextBytes(noise);
        else for (var i = 0; i < length; i++) noise[i] = (byte)Math.Max(0, random.Next(-4, 5));
        return noise;
    }

    private byte SomeByte() => random.Next(3) switch
    {
        0 => (byte)random.Next(4),
        1 => (byte)(random.Next(2) == 0 ? 0xFF : 0x7F),
        _ => (byte)random.Next(256),
    };

    private byte[] Any(IReadOnlyList<byte[]> corpus) => corpus[random.Next(corpus.Count)];
}
