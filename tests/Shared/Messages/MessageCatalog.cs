using Moldau.ProtocolGenerator.Definitions;

namespace Moldau.Shared.Messages;

/// <summary>Every message that has a definition, bound to its generated class.</summary>
internal static class MessageCatalog
{
    private static readonly Dictionary<string, MessageBinding> ByName =
        DefinitionFolder.Paths.SelectMany(Bind).ToDictionary(binding => binding.Definition.Name);

    public static IEnumerable<MessageBinding> All => ByName.Values;

    public static MessageBinding Get(string message) => ByName[message];

    private static IEnumerable<MessageBinding> Bind(string path)
    {
        var file = DefinitionFolder.Read(path, out var faults);
        return faults.Count == 0 ? file.Messages.Select(message => new MessageBinding(file, message)) : throw new InvalidDataException(faults[0].ToString());
    }
}
