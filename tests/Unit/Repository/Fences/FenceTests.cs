using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Shared;
using Moldau.Testing;
using Xunit;

namespace Moldau.Unit.Repository.Fences;

/// <summary>C# that documents print compiles, and the README's first program does what it says.</summary>
public class FenceTests
{
    private const string PrintedAddress = "127.0.0.1:9092";

    [Fact]
    public void Every_piece_compiles()
    {
        var fences = Directory.EnumerateFiles(RepositoryPaths.Root, "*.md", SearchOption.AllDirectories)
            .Where(static path => !Path.GetRelativePath(RepositoryPaths.Root, path).StartsWith("artifacts", StringComparison.Ordinal)).SelectMany(Fence.In).ToList();
        Assert.InRange(fences.Count, 5, 1000);
        var faults = fences.SelectMany(static fence => FenceCompiler.Compile(fence, null, out _).Select(fault => $"{fence}: {fault}"));
        Assert.Equal([], faults);
    }

    [Fact]
    public async Task The_first_program_is_short_and_runs_as_printed()
    {
        await using var broker = await EmbeddedBroker.StartAsync();
        await using var kafka = new KafkaClient(new() { Bootstrap = broker.BootstrapServers });
        await kafka.Topics.CreateAsync([new NewTopic("orders") { Partitions = 3 }], cancellation: TestContext.Current.CancellationToken);
        var first = Fence.In(Path.Combine(RepositoryPaths.Root, "README.md")).First();
        Assert.InRange(first.Code.Split('\n').Length, 1, 9);
        Assert.Contains(PrintedAddress, first.Code, StringComparison.Ordinal);
        Assert.Empty(FenceCompiler.Compile(first, code => code.Replace(PrintedAddress, broker.BootstrapServers, StringComparison.Ordinal), out var program));
        var before = Console.Out;
        var printed = new StringWriter();
        Console.SetOut(TextWriter.Synchronized(printed));
        try
        {
            if (program!.EntryPoint!.Invoke(null, [Array.Empty<string>()]) is Task task) await task;
        }
        finally
        {
            Console.SetOut(before);
        }

        Assert.Contains("order-1", printed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_piece_that_does_not_compile_is_found()
    {
        Assert.NotEmpty(FenceCompiler.Compile(new Fence("x.md", 1, "", "Nothing.Like(this);"), null, out _));
        Assert.Empty(FenceCompiler.Compile(new Fence("x.md", 1, "record Thing(int Size); var thing = new Thing(1);", "Console.WriteLine(thing.Size);"), null, out _));
    }
}
