using Moldau.Protocol.Compression;
using Xunit;

namespace Moldau.Unit.Protocol.Compression;

/// <summary>What every codec of record batches promises, whatever its format.</summary>
public abstract class CodecContract
{
    protected abstract int[] Levels { get; }

    protected abstract void Compress(ReadOnlySpan<byte> source, PooledBuffer destination, int level);

    protected abstract void Decompress(ReadOnlySpan<byte> source, PooledBuffer destination);

    /// <summary>Whether the first <paramref name="length"/> bytes are a shorter stream that is legal by itself.</summary>
    protected virtual bool IsWhole(ReadOnlySpan<byte> compressed, int length) => false;

    [Theory]
    [MemberData(nameof(CompressionInputs.Names), MemberType = typeof(CompressionInputs))]
    public void Gives_back_what_was_compressed_at_every_level(string input)
    {
        var original = CompressionInputs.Make(input);
        using var compressed = new PooledBuffer();
        using var content = new PooledBuffer();
        foreach (var level in Levels)
        {
            compressed.Clear();
            content.Clear();
            Compress(original, compressed, level);
            Decompress(compressed.WrittenSpan, content);

            Assert.True(original.AsSpan().SequenceEqual(content.WrittenSpan), $"level {level}: the content differs");
        }
    }

    [Fact]
    public void Takes_every_small_length()
    {
        var original = CompressionInputs.Text(700);
        using var memory = new GuardedMemory(original.Length);
        for (var length = 0; length < original.Length; length++)
        {
            Assert.Equal(original[..length], Decompressed(Compressed(memory.Place(original.AsSpan(0, length)))));
        }
    }

    [Fact]
    public void Takes_literals_and_a_repeat_at_every_distance_from_the_end()
    {
        var random = CompressionInputs.Random(60);
        using var memory = new GuardedMemory(100);
        for (var literals = 1; literals < 20; literals++)
        {
            for (var repeat = 4; repeat < 30; repeat++)
            {
                byte[] original = [.. random.AsSpan(0, 40 + literals), .. random.AsSpan(0, repeat)];
                Assert.Equal(original, Decompressed(Compressed(memory.Place(original))));
            }
        }
    }

    [Fact]
    public void Makes_json_less_than_half_as_long()
    {
        Assert.True(Compressed(CompressionInputs.Json(100_000)).Length < 50_000);
    }

    [Fact]
    public void Appends_behind_what_the_destination_holds()
    {
        var original = CompressionInputs.Json(5000);
        using var buffer = new PooledBuffer(initialCapacity: 16);
        buffer.Write([1, 2, 3]);
        Compress(original, buffer, Levels[0]);
        var compressed = buffer.WrittenSpan[3..].ToArray();
        using var content = new PooledBuffer(initialCapacity: 16);
        content.Write([9]);

        Decompress(compressed, content);

        Assert.Equal([1, 2, 3], buffer.WrittenSpan[..3].ToArray());
        Assert.Equal(9, content.WrittenSpan[0]);
        Assert.Equal(original, content.WrittenSpan[1..].ToArray());
    }

    [Fact]
    public void Refuses_every_truncation()
    {
        foreach (var input in new[] { CompressionInputs.Json(2000), CompressionInputs.Random(150), CompressionInputs.Same(70_000), [] })
        {
            var compressed = Compressed(input);
            using var memory = new GuardedMemory(compressed.Length);
            for (var length = 0; length < compressed.Length; length++)
            {
                using var content = new PooledBuffer(maxLength: 100_000);
                if (IsWhole(compressed, length))
                {
                    Decompress(memory.Place(compressed.AsSpan(0, length)), content);
                    continue;
                }
                var refused = Assert.Throws<CorruptDataException>(() => Decompress(memory.Place(compressed.AsSpan(0, length)), content));
                Assert.InRange(refused.Position, 0, length);
            }
        }
    }

    [Fact]
    public void Survives_every_single_bit_flip()
    {
        var compressed = Compressed(CompressionInputs.Json(1500));
        using var memory = new GuardedMemory(compressed.Length);
        for (var bit = 0; bit < compressed.Length * 8; bit++)
        {
            compressed[bit / 8] ^= (byte)(1 << (bit % 8));
            TryDamaged(memory.Place(compressed));
            compressed[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Survives_random_damage()
    {
        var random = new Random(3);
        foreach (var input in new[] { CompressionInputs.Json(90_000), CompressionInputs.Make("runs") })
        {
            var compressed = Compressed(input);
            using var memory = new GuardedMemory(compressed.Length);
            for (var round = 0; round < 300; round++)
            {
                var damaged = compressed.ToArray();
                for (var flips = random.Next(1, 20); flips > 0; flips--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                TryDamaged(memory.Place(damaged));
            }
        }
    }

    [Fact]
    public void Stops_at_the_limit_and_not_before()
    {
        foreach (var length in new[] { 1, 100, 65_536, 65_537, 200_000 })
        {
            var compressed = Compressed(CompressionInputs.Same(length));
            using var enough = new PooledBuffer(maxLength: length);
            using var tooLittle = new PooledBuffer(maxLength: length - 1);

            Decompress(compressed, enough);
            Assert.Equal(length, enough.Length);
            Assert.Throws<BufferLimitException>(() => Decompress(compressed, tooLittle));
        }
    }

    [Fact]
    public void Never_writes_past_any_limit()
    {
        var original = CompressionInputs.Json(1200);
        var compressed = Compressed(original);
        for (var limit = 0; limit < original.Length; limit++)
        {
            using var content = new PooledBuffer(initialCapacity: 16, maxLength: limit);
            Assert.Throws<BufferLimitException>(() => Decompress(compressed, content));
            Assert.InRange(content.Length, 0, limit);
            Assert.True(original.AsSpan().StartsWith(content.WrittenSpan));
        }
    }

    [Fact]
    public void Bounds_a_bomb_by_the_limit()
    {
        var bomb = Compressed(new byte[32 * 1024 * 1024]);
        using var content = new PooledBuffer(maxLength: 1024 * 1024);

        Assert.Throws<BufferLimitException>(() => Decompress(bomb, content));
        Assert.InRange(content.Bytes.Length, 0, 2 * 1024 * 1024);
    }

    /// <summary>Bytes a call allocates once everything is warm. The best of several rounds: a collection may empty the array pool in between.</summary>
    protected static long AllocatedBy(Action action)
    {
        const int Calls = 20;
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Calls; i++) action();
            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / Calls);
        }
        return least;
    }

    protected byte[] Compressed(ReadOnlySpan<byte> original)
    {
        using var compressed = new PooledBuffer();
        Compress(original, compressed, Levels[^1]);
        return compressed.WrittenSpan.ToArray();
    }

    protected byte[] Decompressed(ReadOnlySpan<byte> compressed)
    {
        using var content = new PooledBuffer();
        Decompress(compressed, content);
        return content.WrittenSpan.ToArray();
    }

    protected CorruptDataException Refused(params byte[] compressed)
    {
        using var content = new PooledBuffer(maxLength: 1 << 24);
        return Assert.Throws<CorruptDataException>(() => Decompress(compressed, content));
    }

    // Damage may go unnoticed where the format has no checksum; anything but one of the two refusals would fail the test.
    private void TryDamaged(ReadOnlySpan<byte> damaged)
    {
        using var content = new PooledBuffer(maxLength: 1 << 20);
        try
        {
            Decompress(damaged, content);
        }
        catch (CorruptDataException refused)
        {
            Assert.InRange(refused.Position, 0, damaged.Length);
        }
        catch (BufferLimitException)
        {
        }
    }
}
