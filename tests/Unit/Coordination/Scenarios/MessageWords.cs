using System.Text;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.ProtocolGenerator.Definitions;
using Moldau.Shared.Messages;

namespace Moldau.Unit.Coordination.Scenarios;

/// <summary>A message in words: the fields that are not what they are by default.</summary>
internal static class MessageWords
{
    public static string Of(IMessage message)
    {
        var binding = MessageCatalog.Get(message.Name);
        // Offsets lose the names of their topics above.
        var version = Math.Min(message.HighestSupportedVersion, (short)9);
        var content = binding.ContentOf(message, version);
        var plain = binding.ContentOf(binding.Create(), version);
        return string.Join(' ', Words(binding.Definition, binding.Definition.Root, content, plain));
    }

    private static IEnumerable<string> Words(MessageDefinition message, StructDefinition definition, Dictionary<string, object?> content, Dictionary<string, object?>? plain)
    {
        foreach (var field in definition.Fields)
        {
            if (!content.TryGetValue(field.Name, out var value)) continue;
            var text = Text(message, field, value);
            if (plain is not null && text == Text(message, field, plain[field.Name])) continue;
            yield return $"{field.Name}={text}";
        }
    }

    private static string Text(MessageDefinition message, FieldDefinition field, object? value) => value switch
    {
        null => "null",
        List<object?> list => $"[{string.Join(", ", list.Select(element => Text(message, field, element)))}]",
        Dictionary<string, object?> inner => $"{{{string.Join(' ', Words(message, message.Find(field.Type.StructName!)!, inner, null))}}}",
        byte[] id when field.Type.Kind == WireKind.Uuid => id.All(static one => one == 0) ? "none" : Convert.ToHexString(id),
        byte[] bytes when bytes.Any(static one => one is < 0x20 or > 0x7E) => Convert.ToHexString(bytes),
        byte[] bytes => $"'{Encoding.UTF8.GetString(bytes)}'",
        long error when field.Type.Kind == WireKind.Error => ((ErrorCode)(short)error).ToString(),
        string text => text.Length == 0 ? "''" : text,
        _ => $"{value}",
    };
}
