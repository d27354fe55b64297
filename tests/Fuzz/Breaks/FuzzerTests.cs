using Moldau.Fuzz.Engine;
using Moldau.Fuzz.Targets;
using Xunit;

namespace Moldau.Fuzz.Breaks;

/// <summary>A fuzzer that finds nothing proves nothing unless it finds these.</summary>
public class FuzzerTests
{
    private const int Seed = 7;

    // It ends at the finding; this is only how long a fuzzer that misses it would go on.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void Reports_memory_taken_by_a_claimed_count()
    {
        var report = Run(new FaultyTarget(FaultyTarget.Fault.AllocatesByClaimedCount), Patience);

        Assert.Contains("allocates", report.Finding?.Problem ?? "nothing");
    }

    [Fact]
    public void Reports_an_exception_nobody_documented()
    {
        var report = Run(new FaultyTarget(FaultyTarget.Fault.ReadsPastTheEnd), Patience);

        Assert.Contains(nameof(IndexOutOfRangeException), report.Finding?.Problem ?? "nothing");
    }

    [Fact]
    public void Reports_a_reader_that_never_comes_back()
    {
        var target = new FaultyTarget(FaultyTarget.Fault.LoopsOnEmptyElement);
        try
        {
            var report = Run(target, Patience, FuzzLimits.Default with { Hang = TimeSpan.FromSeconds(2) });

            Assert.Contains("has not come back", report.Finding?.Problem ?? "nothing");
            Assert.Contains((byte)0, report.Finding!.Input);
        }
        finally
        {
            target.Release();
        }
    }

    [Fact]
    public void Reports_a_message_that_keeps_what_it_held_before()
    {
        var report = Run(new MessageTarget(static () => new ForgetfulMessage(), 0, static (_, _) => new ForgetfulMessage()), Patience);

        Assert.Contains("a used message holds something else", report.Finding?.Problem ?? "nothing");
    }

    [Fact]
    public void Leaves_a_sound_reader_alone()
    {
        var report = Run(new FaultyTarget(FaultyTarget.Fault.None), TimeSpan.FromSeconds(0.3));

        Assert.Null(report.Finding);
        Assert.True(report.Inputs > 100, $"only {report.Inputs} inputs");
    }

    [Fact]
    public void Tries_known_breaks_before_anything_else()
    {
        byte[] known = [0, 0, 0, 2, 200, 1];
        var report = new FuzzRun(new FaultyTarget(FaultyTarget.Fault.ReadsPastTheEnd), Seed, Patience, [known]).Execute();

        Assert.Equal(1, report.Inputs);
        Assert.Equal(known, report.Finding?.Input);
    }

    [Fact]
    public void The_same_seed_makes_the_same_inputs()
    {
        byte[][] corpus = [[1, 2, 3, 4, 5, 6, 7, 8], [9, 9, 9]];
        var (first, second) = (new Mutator(new Random(Seed), 100), new Mutator(new Random(Seed), 100));

        for (var i = 0; i < 10_000; i++)
        {
            var input = first.Next(corpus);
            Assert.Equal(input, second.Next(corpus));
            Assert.True(input.Length <= 100);
        }
    }

    private static FuzzReport Run(FuzzTarget target, TimeSpan budget, FuzzLimits? limits = null) =>
        new FuzzRun(target, Seed, budget, [], limits).Execute();
}
