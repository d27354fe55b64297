namespace Moldau.Unit.Storage.Files;

/// <summary>One file as a careful user remembers it: what it was told is durable, and what may be found besides.</summary>
internal sealed class PromisedFile
{
    private readonly List<(int From, int To)> _touched = [];
    private readonly List<byte[]> _versions = [[]];
    private int _shortest;

    public byte[] Now { get; private set; } = [];

    private byte[] Durable => _versions[0];

    public void Write(int position, byte[] bytes)
    {
        var next = new byte[Math.Max(Now.Length, position + bytes.Length)];
        Now.CopyTo(next, 0);
        bytes.CopyTo(next, position);
        _touched.Add((position, position + bytes.Length));
        _versions.Add(Now = next);
    }

    public void SetLength(int length)
    {
        var next = new byte[length];
        Now.AsSpan(0, Math.Min(length, Now.Length)).CopyTo(next);
        _shortest = Math.Min(_shortest, length);
        _versions.Add(Now = next);
    }

    public void Flush()
    {
        _versions.Clear();
        _versions.Add(Now);
        _touched.Clear();
        _shortest = Now.Length;
    }

    /// <summary>What is wrong with the bytes found after a crash; null where all of it can be.</summary>
    public string? Fault(byte[] found)
    {
        if (found.Length < _shortest) return $"{found.Length} bytes are left of {_shortest} that were flushed";
        for (var i = 0; i < found.Length; i++)
        {
            if (i < _shortest && found[i] != Durable[i] && !IsTouched(i)) return $"the flushed byte at {i} is {found[i]} and was {Durable[i]}";
            if (!IsExplained(i, found[i])) return $"nobody ever wrote the byte {found[i]} at {i}";
        }

        return null;
    }

    private bool IsTouched(int position)
    {
        foreach (var (from, to) in _touched)
        {
            if (position >= from && position < to) return true;
        }

        return false;
    }

    private bool IsExplained(int position, byte found)
    {
        if (found == 0) return true;
        foreach (var version in _versions)
        {
            if (position < version.Length && version[position] == found) return true;
        }

        return false;
    }
}
