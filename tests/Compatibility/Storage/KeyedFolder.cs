using System.Buffers.Text;
using System.Text;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;
using Moldau.Storage.Compaction;
using Moldau.Storage.Files;
using Moldau.Storage.Folders;
using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;
using Xunit;

namespace Moldau.Compatibility.Storage;

/// <summary>
/// A data folder on the real disk with one compacted log. Every record follows from its offset, so that whoever finds one
/// knows what it must be, and which is the latest of each key.
/// </summary>
internal sealed class KeyedFolder : IDisposable
{
    private const int RecordsOfBatch = 50;

    private readonly LogDisk _disk = new(new DiskFileSystem(), TimeProvider.System);
    private readonly DataFolder _folder;
    private readonly int _keys;

    public KeyedFolder(string path, int keys)
    {
        _keys = keys;
        // Some dozens of segments, whatever the number of keys.
        var settings = new LogSettings
        {
            SegmentBytes = Math.Max(40_000, keys * 3), IndexIntervalBytes = 1000, CheckpointBytes = Math.Max(40_000, keys * 2), Compacts = true, Deletes = false,
            Compaction = new CompactionSettings { MinDirtyRatio = 0.1 },
        };
        _folder = DataFolder.Open(_disk, path, new DataFolderOptions { NodeId = 1, Owner = "a test", Chance = new Random(1) });
        try
        {
            var opening = _folder.OpenLogs([new HostedLog(new PartitionName("keyed", 0), new Uuid(7, 7), settings)]);
            Notes = opening.Notes;
            Log = opening.Logs[0].Log ?? throw new InvalidOperationException(opening.Logs[0].OfflineReason);
        }
        catch
        {
            _folder.Dispose();
            throw;
        }
    }

    public IReadOnlyList<RecoveryNote> Notes { get; }

    public PartitionLog Log { get; }

    public void Append()
    {
        using var builder = new RecordBatchBuilder();
        Span<byte> key = stackalloc byte[20];
        for (var i = 0; i < RecordsOfBatch; i++)
        {
            var offset = Log.EndOffset + i;
            Utf8Formatter.TryFormat(KeyOf(offset), key, out var length);
            builder.Append(offset, key[..length].ToArray(), ValueOf(offset) is { } value ? Encoding.ASCII.GetBytes(value) : OptionalBytes.Null);
        }

        var appended = Log.Append(builder.Finish(new BatchOptions()).ToArray(), Math.Max(Log.LowestEpoch, Log.Epochs.Latest?.Epoch ?? 0));
        Assert.True(appended.Outcome == AppendOutcome.Appended, $"{appended.Outcome}, {Log.Fault?.Reason ?? Log.LastFailure?.Message}");
    }

    public void Tick() => _folder.Tick();

    /// <param name="parts">In so many passes all keys fit into the map; more or less.</param>
    public CleanerOptions CleanerOptions(int parts) => new() { DedupeBufferBytes = 32L * _keys / parts, BackoffMilliseconds = 1 };

    /// <summary>
    /// All that lies in the log is what was written there, in order; of each key the latest; and below what is compacted
    /// nothing but that.
    /// </summary>
    /// <returns>How many records there are.</returns>
    public int Check(long acknowledged)
    {
        Assert.True(Log.EndOffset >= acknowledged, $"the log ends at {Log.EndOffset}, and {acknowledged} was acknowledged");
        // A crash may tear what nobody was told of; it never looks like damage to what was.
        Assert.DoesNotContain(Notes, note => note.Row is RecoveryRow.C1 or RecoveryRow.C2 or RecoveryRow.T6 or RecoveryRow.F5 or RecoveryRow.W7 or RecoveryRow.W9);
        var latest = new long[_keys];
        Array.Fill(latest, -1);
        for (var offset = 0L; offset < Log.EndOffset; offset++) latest[KeyOf(offset)] = offset;
        var (count, next) = (0, 0L);
        var (found, seen) = (new bool[_keys], new bool[_keys]);
        using var scratch = new PooledBuffer();
        var bytes = new byte[1 << 20];
        while (next < Log.EndOffset)
        {
            using var slice = Log.Read(next, bytes.Length, long.MaxValue).Slice;
            Assert.True(slice.Length > 0, $"nothing can be read at {next}, below the end {Log.EndOffset}");
            slice.Read(0, bytes);
            var batches = new BatchReader(bytes.AsSpan(0, (int)slice.Length));
            while (batches.MoveNext())
            {
                batches.Current.EnsureChecksum();
                var records = batches.Current.GetRecords(scratch);
                while (records.MoveNext())
                {
                    var offset = batches.Current.BaseOffset + records.OffsetDelta;
                    Assert.True(offset >= next, $"{offset} behind {next - 1}");
                    next = offset + 1;
                    var key = KeyOf(offset);
                    if (!Utf8Parser.TryParse(records.Key.Span, out int written, out _) || written != key) Assert.Fail($"another key at {offset} than {key}");
                    if ((records.Value.IsNull ? null : Encoding.ASCII.GetString(records.Value.Span)) != ValueOf(offset)) Assert.Fail($"another value at {offset}");
                    if (offset < Log.CompactedUpTo && seen[key]) Assert.Fail($"{offset} is not the first of its key below {Log.CompactedUpTo}, up to where the log is compacted");
                    (seen[key], found[key]) = (true, offset == latest[key]);
                    count++;
                }

                next = batches.Current.LastOffset + 1;
            }
        }

        for (var key = 0; key < _keys; key++)
        {
            if (latest[key] >= 0 && !found[key]) Assert.Fail($"{latest[key]}, the latest of key {key}, is gone");
        }

        return count;
    }

    /// <summary>As a kill leaves it.</summary>
    public void Dispose() => _folder.Dispose();

    /// <summary>First all of them, in an order of their own, then any.</summary>
    private int KeyOf(long offset) => (int)(offset < _keys ? offset * 7919 % _keys : (long)(Mix((ulong)offset) % (ulong)_keys));

    /// <summary>Now and then a tombstone: it stays for a day.</summary>
    private static string? ValueOf(long offset) => Mix((ulong)offset + 1) % 8 == 0 ? null : $"{offset}:" + new string('x', (int)(offset % 30));

    private static ulong Mix(ulong number)
    {
        number = (number ^ (number >> 31)) * 0x7fb5d329728ea185;
        number = (number ^ (number >> 27)) * 0x81dadef4bc2dd44d;
        return number ^ (number >> 33);
    }
}
