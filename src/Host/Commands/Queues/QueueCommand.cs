using System.CommandLine;
using Moldau.Host.Commands.Output;

namespace Moldau.Host.Commands.Queues;

/// <summary><c>moldau queue</c>: share groups as queues: what waits in them, what was given up, and that sent back.</summary>
internal static class QueueCommand
{
    public static Command Create(Terminal terminal) => new("queue", "Shows queues, which are share groups, and their dead letters, and sends these back")
    {
        QueueListings.List(terminal),
        QueueListings.Describe(terminal),
        DeadLetterListing.Create(terminal),
        DeadLetterReplaying.Create(terminal),
    };
}
