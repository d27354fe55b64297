using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Moldau.Storage.Files;
using Moldau.Storage.Logs;
using Xunit;

namespace Moldau.Compatibility.Storage;

/// <summary>What <see cref="LogCrashTests"/> runs in processes of their own, which do not all end in order.</summary>
public class LogWork
{
    public const string Acknowledged = "acknowledged";
    public const string Data = "data";
    public const string Seed = "seed";

    /// <summary>The offsets acknowledged so far stand in a file, each time before the next append.</summary>
    [Fact(Explicit = true)]
    public void Appends_until_it_is_killed()
    {
        var random = new Random(int.Parse(File.ReadAllText(In(Seed)), CultureInfo.InvariantCulture));
        var appends = 0;
        var last = random.Next(50, 3000);
        new Thread(() =>
        {
            // From another thread, so that it comes in the middle of whatever the others do.
            while (Volatile.Read(ref appends) < last) Thread.Yield();
            Process.GetCurrentProcess().Kill();
        }) { IsBackground = true }.Start();

        using var acknowledged = File.OpenHandle(In(Acknowledged), FileMode.OpenOrCreate, FileAccess.ReadWrite);
        using var folder = new CountedFolder(In(Data));
        Span<byte> offsets = stackalloc byte[CountedFolder.Logs * sizeof(long)];
        for (;; Interlocked.Increment(ref appends))
        {
            var log = appends < CountedFolder.Logs ? appends : random.Next(CountedFolder.Logs);
            Assert.Equal(AppendOutcome.Appended, folder.Append(log, random.Next(1, 5)));
            // Now and then a producer waits, so that the flusher keeps up; and the first of each log do, so that each has some.
            if (random.Next(50) == 0 || appends < CountedFolder.Logs) AwaitDurable(folder[log]);
            for (var i = 0; i < CountedFolder.Logs; i++) BinaryPrimitives.WriteInt64LittleEndian(offsets[(i * sizeof(long))..], folder[i].DurableOffset);
            RandomAccess.Write(acknowledged, offsets, 0);
        }
    }

    /// <summary>On a disk of a few MiB.</summary>
    [Fact(Explicit = true)]
    public void Fills_its_disk_with_logs()
    {
        var disk = new DiskFileSystem();
        using (var filler = disk.Open(In("filler"), OpenMode.New)) filler.Write(0, new byte[1024 * 1024]);
        var ends = new long[CountedFolder.Logs];
        using (var folder = new CountedFolder(In(Data)))
        {
            for (var i = 0; i < CountedFolder.Logs; i++)
            {
                while (folder.Append(i, 1) is var outcome && outcome == AppendOutcome.Appended)
                {
                }
            }

            for (var i = 0; i < CountedFolder.Logs; i++)
            {
                Assert.Equal(AppendOutcome.DiskFull, folder.Append(i, 1));
                Assert.Null(folder[i].Fault);
                AwaitDurable(folder[i]);
                ends[i] = folder[i].EndOffset;
                folder.Check(i, ends[i]);
            }
        }

        Assert.True(ends.Sum() > 1000);
        var refusal = TryOpen(ends);
        disk.DeleteFile(In("filler"));
        using (var folder = new CountedFolder(In(Data)))
        {
            for (var i = 0; i < CountedFolder.Logs; i++)
            {
                folder.Check(i, ends[i]);
                Assert.Equal(ends[i], folder[i].EndOffset);
                Assert.Equal(AppendOutcome.Appended, folder.Append(i, 3));
            }
        }

        DiskChild.Report(refusal ?? "opened while full");
    }

    /// <summary>There may be no room for what a start has to write; then it says so, and nothing is lost by it.</summary>
    private static string? TryOpen(long[] ends)
    {
        try
        {
            using var folder = new CountedFolder(In(Data));
            for (var i = 0; i < CountedFolder.Logs; i++) folder.Check(i, ends[i]);
            return null;
        }
        catch (Exception full) when (full is DiskException or InvalidOperationException)
        {
            Assert.Contains("space", full.Message, StringComparison.OrdinalIgnoreCase);
            return full.Message;
        }
    }

    private static void AwaitDurable(PartitionLog log) =>
        Assert.True(SpinWait.SpinUntil(() => log.DurableOffset == log.EndOffset, TimeSpan.FromSeconds(20)), $"{log.Name}: what was written is not durable");

    private static string In(string name) => Path.Combine(DiskChild.Folder, name);
}
