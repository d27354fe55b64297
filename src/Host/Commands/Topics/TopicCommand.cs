using System.CommandLine;
using Moldau.Host.Commands.Output;

namespace Moldau.Host.Commands.Topics;

/// <summary><c>moldau topic</c>: topics, listed and changed.</summary>
internal static class TopicCommand
{
    public static Command Create(Terminal terminal) => new("topic", "Lists, makes, changes and deletes topics")
    {
        TopicListings.List(terminal),
        TopicListings.Describe(terminal),
        TopicChanges.Create(terminal),
        TopicDeletion.Topics(terminal),
        TopicChanges.AddPartitions(terminal),
        TopicDeletion.Records(terminal),
        TopicListings.Offsets(terminal),
    };
}
