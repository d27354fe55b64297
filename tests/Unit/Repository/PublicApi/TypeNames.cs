namespace Moldau.Unit.Repository.PublicApi;

/// <summary>Types as C# spells them.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> Short = new()
    {
        [typeof(void)] = "void", [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(int)] = "int",
        [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(float)] = "float", [typeof(double)] = "double",
        [typeof(string)] = "string", [typeof(object)] = "object",
    };

    public static string Full(Type type)
    {
        if (Short.TryGetValue(type, out var name)) return name;
        if (type.IsArray) return Full(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } inner) return Full(inner) + "?";
        if (type.IsGenericParameter) return type.Name;
        var arguments = type.GetGenericArguments();
        var outer = type.IsNested ? type.DeclaringType! : null;
        var taken = outer?.GetGenericArguments().Length ?? 0;
        var place = outer is null ? type.Namespace : Full(outer.IsGenericTypeDefinition && arguments.Length >= taken && taken > 0 ? outer.MakeGenericType(arguments[..taken]) : outer);
        var tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        var own = arguments[taken..];
        return $"{place}.{(tick < 0 ? type.Name : type.Name[..tick])}{(own.Length == 0 ? "" : $"<{string.Join(", ", own.Select(Full))}>")}";
    }
}
