using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Moldau.Compatibility.Records;
using Moldau.Protocol.Checksums;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Moldau.Storage.Producers;

namespace Moldau.Compatibility.Differential;

/// <summary>
/// A batch in words. A word is a record, 'key=value' with '~' for null and '@time' behind it (milliseconds after the run's
/// time, or 'x' and any number as it is), or an option: '-codec:gzip', '-pid:7', '-epoch:0', '-seq:0', '-big:1000' for a
/// record of that size, or a fault from <see cref="Faults"/>, applied in their order, before the checksum.
/// </summary>
internal static class BatchText
{
    /// <summary>An hour before the run began, so that whatever is later was set by a broker.</summary>
    public static long Time { get; } = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 3_600_000;

    private static readonly Dictionary<string, Func<byte[], long, byte[]>> Faults = new(StringComparer.Ordinal)
    {
        ["base"] = (batch, value) => Put(batch, 8, BatchLayout.BaseOffset, value),
        ["leader-epoch"] = (batch, value) => Put(batch, 4, BatchLayout.LeaderEpoch, value),
        ["length"] = (batch, value) => Put(batch, 4, BatchLayout.Length, value),
        ["magic"] = (batch, value) => Put(batch, 1, BatchLayout.Magic, value),
        ["attributes"] = (batch, value) => Put(batch, 2, BatchLayout.Attributes, value),
        ["last-delta"] = (batch, value) => Put(batch, 4, BatchLayout.LastOffsetDelta, value),
        ["base-time"] = (batch, value) => Put(batch, 8, BatchLayout.BaseTimestamp, value),
        ["max-time"] = (batch, value) => Put(batch, 8, BatchLayout.MaxTimestamp, value),
        ["count"] = (batch, value) => Put(batch, 4, BatchLayout.RecordCount, value),
        ["empty"] = (batch, _) => Put(Put(batch[..BatchLayout.HeaderSize], 4, BatchLayout.RecordCount, 0), 4, BatchLayout.Length, BatchLayout.HeaderSize - BatchLayout.LengthOverhead),
    };

    public static byte[] Build(string text)
    {
        if (text.Length == 0) return [];
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var options = words.Where(word => word.StartsWith('-')).Select(word => word[1..].Split(':', 2)).ToList();
        using var builder = new RecordBatchBuilder(Enum.Parse<CompressionType>(Option(options, "codec") ?? "None", ignoreCase: true));
        foreach (var word in words.Where(word => !word.StartsWith('-'))) RecordOf(word).AppendTo(builder);
        if (Option(options, "big") is { } size) new SampleRecord(0, Time, "big"u8.ToArray(), new byte[int.Parse(size, CultureInfo.InvariantCulture)], []).AppendTo(builder);
        if (builder.RecordCount == 0) new SampleRecord(0, Time, null, [], []).AppendTo(builder);
        var batch = builder.Finish(OptionsOf(options)).ToArray();
        foreach (var option in options)
        {
            if (Faults.TryGetValue(option[0], out var fault)) batch = fault(batch, option.Length > 1 ? long.Parse(option[1], CultureInfo.InvariantCulture) : 0);
        }

        if (batch.Length > BatchLayout.HeaderSize - 1) Put(batch, 4, BatchLayout.Checksum, (int)Crc32C.Compute(batch.AsSpan(BatchLayout.ChecksumStart)));
        if (Option(options, "wrong-crc") is not null) batch[BatchLayout.Checksum] ^= 1;
        if (Option(options, "cut") is { } cut) batch = batch[..^int.Parse(cut, CultureInfo.InvariantCulture)];
        return Option(options, "twice") is null ? batch : [.. batch, .. batch];
    }

    private static BatchOptions OptionsOf(List<string[]> options) => new()
    {
        Producer = Option(options, "pid") is { } id
            ? new ProducerIdentity(long.Parse(id, CultureInfo.InvariantCulture), (short)Number(options, "epoch"), (int)Number(options, "seq"))
            : ProducerIdentity.None,
        IsControl = Option(options, "control") is not null,
        IsTransactional = Option(options, "transactional") is not null,
        LogAppendTime = Option(options, "log-append") is not null ? Time : null,
    };

    private static SampleRecord RecordOf(string word)
    {
        var (content, time) = word.Split('@', 2) is [var before, var after] ? (before, after) : (word, "0");
        var (key, value) = content.Split('=', 2) is [var first, var second] ? (first, second) : ("~", content);
        var stamp = time.StartsWith('x') ? long.Parse(time[1..], CultureInfo.InvariantCulture) : Time + long.Parse(time, CultureInfo.InvariantCulture);
        return new SampleRecord(0, stamp, BytesOf(key), BytesOf(value), []);
    }

    private static byte[]? BytesOf(string text) => text == "~" ? null : Encoding.UTF8.GetBytes(text);

    private static string? Option(List<string[]> options, string name) =>
        options.Find(option => option[0] == name) is { } found ? found.Length > 1 ? found[1] : "" : null;

    private static long Number(List<string[]> options, string name) => Option(options, name) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;

    private static byte[] Put(byte[] batch, int size, int at, long value)
    {
        Span<byte> all = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(all, value);
        all[^size..].CopyTo(batch.AsSpan(at));
        return batch;
    }
}
