using System.Text;
using Moldau.Client.Consuming;

namespace Moldau.Host.Commands.Records;

/// <summary>Which records are wanted: those with this key and all of these headers.</summary>
internal sealed class RecordFilter(string? key, IReadOnlyDictionary<string, string> headers)
{
    private readonly byte[]? _key = key is null ? null : Encoding.UTF8.GetBytes(key);
    private readonly List<(byte[] Name, byte[] Value)> _headers = [.. headers.Select(static pair => (Encoding.UTF8.GetBytes(pair.Key), Encoding.UTF8.GetBytes(pair.Value)))];

    public bool Passes(in RawRecord record)
    {
        if (_key is not null && !(record.Key is { } own && own.Span.SequenceEqual(_key))) return false;
        foreach (var (name, value) in _headers)
        {
            var isThere = false;
            foreach (var header in record.Headers) isThere |= header.KeyUtf8.Span.SequenceEqual(name) && header.Value is { } found && found.Span.SequenceEqual(value);
            if (!isThere) return false;
        }

        return true;
    }
}
