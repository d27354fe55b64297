namespace Moldau.Host.Commands.Output;

/// <summary>What a verb reads and writes: text and raw bytes out, errors, bytes in, and whether a person watches.</summary>
internal sealed record Terminal
{
    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Standard output for bytes that are no text. <see cref="Output"/> is flushed before it is used.</summary>
    public Stream Bytes { get; init; } = Stream.Null;

    public Stream Input { get; init; } = Stream.Null;

    /// <summary>Asks the person and returns the answer; null where nobody watches.</summary>
    public Func<string, string?>? Ask { get; init; }

    /// <summary>Whether a person sees standard error.</summary>
    public bool IsWatched { get; init; }

    /// <summary>Whether a person sees standard output.</summary>
    public bool IsOutputWatched { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public static Terminal OfProcess() => new()
    {
        Output = Console.Out,
        Error = Console.Error,
        Bytes = Console.OpenStandardOutput(),
        Input = Console.OpenStandardInput(),
        IsWatched = !Console.IsErrorRedirected,
        IsOutputWatched = !Console.IsOutputRedirected,
        Ask = Console.IsInputRedirected || Console.IsErrorRedirected ? null : AskPerson,
    };

    private static string? AskPerson(string question)
    {
        Console.Error.Write(question);
        return Console.ReadLine();
    }
}
