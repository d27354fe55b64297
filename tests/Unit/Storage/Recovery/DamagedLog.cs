using Moldau.Storage.Files;
using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;
using Moldau.Unit.Storage.Logs;
using Xunit;

namespace Moldau.Unit.Storage.Recovery;

/// <summary>A log whose files a test changes while it is closed.</summary>
internal sealed class DamagedLog
{
    public DamagedLog(LogSettings? settings = null) => Test = TestLog.New(settings ?? new LogSettings { SegmentBytes = 1000, IndexIntervalBytes = 200 });

    public TestLog Test { get; }

    public long Point { get; private set; }

    /// <summary>Where the batch at an offset begins, in its segment.</summary>
    public (string Path, int Position, int Size) Place(long offset)
    {
        var segment = Test.Log.Segments[Test.Log.Segments.IndexOf(offset)];
        var file = segment.File.Hold();
        var (position, size, _) = SegmentSearch.Find(segment, file, offset, segment.Length);
        segment.File.LetGo();
        return (segment.File.Path, position, size);
    }

    /// <summary>So many records of one batch each, from the log's end on.</summary>
    public DamagedLog Append(int count)
    {
        for (var i = 0; i < count; i++) Assert.Equal(AppendOutcome.Appended, Test.Append($"value {Test.Log.EndOffset}").Outcome);
        Test.Flush();
        return this;
    }

    /// <summary>The recovery point is moved to the end.</summary>
    public DamagedLog Checkpoint()
    {
        Assert.True(Test.Log.TryCheckpoint());
        Test.Flush();
        Assert.Equal(Test.Log.EndOffset, Test.Log.RecoveryPoint);
        return this;
    }

    /// <param name="point">What the checkpoint's file says; a roll moves the point in memory before the file follows.</param>
    public void Kill(long point = -1)
    {
        Point = point < 0 ? Test.Log.RecoveryPoint : point;
        Test.Log.Release();
    }

    public void Reopen() => Test.Open(Point);

    public void Write(string path, long position, ReadOnlySpan<byte> bytes)
    {
        using var file = Test.Files.Open(path, OpenMode.ExistingOrNew);
        file.Write(position, bytes);
    }

    public void Cut(string path, long length)
    {
        using var file = Test.Files.Open(path, OpenMode.Existing);
        file.SetLength(length);
    }

    public string Name(string name) => TestLog.Folder + "/" + name;

    public string Segment(long start, string ending = ".log") => Name(SegmentName.Of(start, ending));

    public byte[] Bytes(string path)
    {
        using var file = Test.Files.Open(path, OpenMode.Existing);
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        return bytes;
    }

    public void AssertRows(params RecoveryRow[] rows) => Assert.Equal(rows, Test.Opened.Notes.Select(note => note.Row));

    /// <summary>The log holds these offsets, each with what was written there, and takes the next.</summary>
    public void AssertHolds(long from, long upTo)
    {
        Assert.Equal(Expected(from, upTo), Test.Values());
        Assert.Equal(upTo, Test.Log.EndOffset);
        AssertTakesAppends(upTo);
    }

    public void AssertTakesAppends(long next)
    {
        Assert.Equal(next, Test.Append($"value {next}").BaseOffset);
        Test.Flush();
        Assert.Equal(next + 1, Test.Log.DurableOffset);
    }

    public static IEnumerable<(long, string)> Expected(long from, long upTo)
    {
        for (var i = from; i < upTo; i++) yield return (i, $"value {i}");
    }
}
