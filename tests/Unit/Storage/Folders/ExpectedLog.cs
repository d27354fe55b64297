using System.Globalization;
using System.Text;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;
using Moldau.Storage.Folders;
using Moldau.Storage.Logs;
using Moldau.Unit.Storage.Logs;

namespace Moldau.Unit.Storage.Folders;

/// <summary>What a partition's log must hold after a crash, by what was acknowledged; each batch has one record.</summary>
internal sealed class ExpectedLog(PartitionName name, Uuid topicId)
{
    private readonly List<string> _values = [];
    private long _first;
    private long _acknowledged;
    private long _start;
    private long _startTried;
    private bool _mayBeEmptied;

    public PartitionName Name { get; } = name;

    public Uuid TopicId { get; } = topicId;

    /// <summary>Somebody was told that it is there.</summary>
    public bool IsMade { get; set; }

    public LogIdentity Identity => new(Name, TopicId);

    private long End => _first + _values.Count;

    public void Append(PartitionLog log, string value, long time)
    {
        var result = log.Append(TestLog.Batch(time, [value]), Math.Max(log.LowestEpoch, 0));
        if (result.Outcome != AppendOutcome.Appended) return;
        if (result.BaseOffset != End) throw new InvalidDataException($"{Name}: appended at {result.BaseOffset}, {End} follows");
        _values.Add(value);
    }

    /// <summary>What the log says is durable is acknowledged.</summary>
    public void Acknowledge(PartitionLog log) => _acknowledged = Math.Max(_acknowledged, log.DurableOffset);

    public void Truncate(PartitionLog log, long offset)
    {
        offset = Math.Max(offset, _startTried);
        _acknowledged = Math.Min(_acknowledged, offset);
        log.TruncateTo(offset);
        _values.RemoveRange((int)Math.Min(_values.Count, offset - _first), (int)Math.Max(0, End - offset));
    }

    public void StartAt(PartitionLog log, long offset)
    {
        (_acknowledged, _start, _mayBeEmptied) = (0, 0, true);
        log.StartAt(offset);
        _values.Clear();
        (_first, _acknowledged, _start, _startTried, _mayBeEmptied) = (offset, offset, 0, offset, false);
    }

    public void DeleteRecords(DataFolder folder, PartitionLog log, long offset)
    {
        if (!log.MoveStart(Math.Min(offset, log.DurableOffset))) return;
        _startTried = log.StartOffset;
        folder.SaveStartOffsets();
        _start = _startTried;
    }

    /// <summary>After a start: the log holds what it must, and nothing that was never written; from now on it is what it is.</summary>
    public void Check(PartitionLog log, bool isWhole)
    {
        var (start, end) = (log.StartOffset, log.EndOffset);
        if (_mayBeEmptied && start == end)
        {
            _values.Clear();
            _first = start;
        }
        else
        {
            if (end < (isWhole ? End : _acknowledged) || end > End) throw Wrong($"ends at {end}, {_acknowledged} to {End} are allowed");
            if (start < _start || start > _startTried) throw Wrong($"starts at {start}, {_start} to {_startTried} are allowed");
            if (log.RecoveryPoint > end) throw Wrong($"ends at {end}, its recovery point is {log.RecoveryPoint}");
            foreach (var (offset, value) in Read(log))
            {
                if (_values[(int)(offset - _first)] != value) throw Wrong($"{value} at offset {offset}, {_values[(int)(offset - _first)]} was written");
            }

            _values.RemoveRange((int)(end - _first), (int)(End - end));
        }

        (_start, _startTried, _acknowledged, _mayBeEmptied, IsMade) = (start, start, end, false, true);
    }

    private static List<(long Offset, string Value)> Read(PartitionLog log)
    {
        var found = new List<(long, string)>();
        for (var offset = log.StartOffset; offset < log.EndOffset;)
        {
            using var slice = log.Read(offset, 1 << 20, long.MaxValue).Slice;
            var bytes = new byte[slice.Length];
            slice.Read(0, bytes);
            if (bytes.Length == 0) throw new InvalidDataException($"{log.Name}: nothing at {offset}, the end is {log.EndOffset}");
            using var scratch = new PooledBuffer();
            var reader = new BatchReader(bytes);
            while (reader.MoveNext())
            {
                reader.Current.EnsureChecksum();
                if (reader.Current.BaseOffset != offset) throw new InvalidDataException($"{log.Name}: {reader.Current.BaseOffset} where {offset} follows");
                var records = reader.Current.GetRecords(scratch);
                while (records.MoveNext()) found.Add((offset++, Encoding.UTF8.GetString(records.Value.Span)));
            }
        }

        return found;
    }

    private InvalidDataException Wrong(string what) => new(string.Create(CultureInfo.InvariantCulture, $"{Name} ({TopicId}) {what}"));
}
