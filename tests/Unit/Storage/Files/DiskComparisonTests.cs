using Moldau.Storage.Files;
using Xunit;

namespace Moldau.Unit.Storage.Files;

/// <summary>The disks in memory against the real one: the same random work, the same answers after every step.</summary>
public class DiskComparisonTests
{
    [Theory]
    [InlineData(DiskKind.Memory)]
    [InlineData(DiskKind.MemoryWithoutHistory)]
    public void The_disk_in_memory_answers_as_the_real_one(DiskKind kind)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            using var real = new TestDisk(DiskKind.Real);
            using var memory = new TestDisk(kind);
            var (onReal, onMemory) = (new Random(seed), new Random(seed));
            for (var step = 0; step < 50; step++)
            {
                var expected = Step(real, onReal);
                var found = Step(memory, onMemory);
                Assert.True(expected == found, $"seed {seed}, step {step}: {found} instead of {expected}");
            }
        }
    }

    private static string Step(TestDisk disk, Random random)
    {
        var (name, other) = ("f" + random.Next(3), "f" + random.Next(3));
        var work = random.Next(8);
        var (position, length) = (random.Next(140_000), random.Next(1, 80_000));
        var bytes = new byte[length];
        random.NextBytes(bytes);
        try
        {
            switch (work)
            {
                case 0:
                    disk.Files.DeleteFile(disk[name]);
                    break;
                case 1:
                    disk.Files.Rename(disk[name], disk[other]);
                    break;
                case 2:
                    disk.Files.CreateFolder(disk[name]);
                    break;
                case 3:
                    disk.Files.DeleteFolder(disk[name]);
                    break;
                default:
                    using (var file = disk.Files.Open(disk[name], (OpenMode)random.Next(3)))
                    {
                        if (work == 4) file.SetLength(position);
                        else file.Write(position, bytes);
                    }

                    break;
            }
        }
        catch (DiskException refusal)
        {
            return $"{work} of {name}: {refusal.Fault} at {refusal.Path[disk.Folder.Length..]}";
        }

        return $"{work} of {name}: {State(disk)}";
    }

    private static string State(TestDisk disk)
    {
        var state = "";
        foreach (var entry in disk.Files.List(disk.Folder).OrderBy(entry => entry.Name))
        {
            var hash = new HashCode();
            if (!entry.IsFolder) hash.AddBytes(disk.Read(entry.Name));
            state += $"{entry} {hash.ToHashCode()};";
        }

        return state;
    }
}
