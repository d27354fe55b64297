using Moldau.Fuzz.Engine;
using Moldau.Protocol.Messages;
using Moldau.ProtocolGenerator.Definitions;
using Moldau.Shared.Messages;

namespace Moldau.Fuzz.Targets;

/// <summary>Every message the protocol has, in every version.</summary>
internal static class MessageTargets
{
    public static IEnumerable<FuzzTarget> Requests() => ApiTable.All.SelectMany(static api => Versions(api.NewRequest));

    public static IEnumerable<FuzzTarget> Responses() => ApiTable.All.SelectMany(static api => Versions(api.NewResponse));

    public static IEnumerable<FuzzTarget> StoredRecords() =>
        StoredRecordTable.All.SelectMany(static record => Versions(record.NewKey).Concat(Versions(record.NewValue)));

    /// <summary>Headers, and what clients embed in other messages.</summary>
    public static IEnumerable<FuzzTarget> StandingAlone() =>
        MessageCatalog.All.Where(static binding => binding.File.Kind == FileKind.Message).SelectMany(static binding => Versions(binding.Create));

    private static IEnumerable<FuzzTarget> Versions(Func<IMessage> create)
    {
        var message = create();
        var binding = MessageCatalog.Get(message.Name);
        for (var version = message.LowestSupportedVersion; version <= message.HighestSupportedVersion; version++)
        {
            var of = version;
            yield return new MessageTarget(create, of, (seed, sample) => binding.Create(RandomContent.Make(binding.Definition, of, seed, sample)));
        }
    }
}
