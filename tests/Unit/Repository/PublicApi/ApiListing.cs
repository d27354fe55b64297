using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Moldau.Unit.Repository.PublicApi;

/// <summary>Everything that users of an assembly can name, a line each, in order.</summary>
internal static class ApiListing
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    public static string Of(Assembly assembly) => Of(assembly.GetExportedTypes());

    public static string Of(IEnumerable<Type> types)
    {
        var lines = new List<string>();
        foreach (var type in types)
        {
            if (type.IsDefined(typeof(CompilerGeneratedAttribute))) continue;
            lines.Add($"{TypeNames.Full(type)} : {Kind(type)}");
            foreach (var member in type.GetMembers(Declared))
            {
                if (Line(type, member) is { } line) lines.Add(line);
            }
        }

        lines.Sort(StringComparer.Ordinal);
        return string.Join('\n', lines.Distinct()) + "\n";
    }

    private static string Kind(Type type)
    {
        var text = new StringBuilder();
        if (type.IsAbstract && type.IsSealed) text.Append("static class");
        else if (type.IsInterface) text.Append("interface");
        else if (type.IsEnum) text.Append("enum");
        else if (typeof(Delegate).IsAssignableFrom(type)) text.Append("delegate");
        else if (type.IsValueType) text.Append("struct");
        else text.Append(type.IsSealed ? "sealed class" : type.IsAbstract ? "abstract class" : "class");
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum) && parent != typeof(MulticastDelegate)) text.Append(", ").Append(TypeNames.Full(parent));
        foreach (var contract in type.GetInterfaces().Where(static contract => contract.IsPublic && contract.Namespace?.StartsWith("Moldau", StringComparison.Ordinal) == true || contract == typeof(IAsyncDisposable) || contract == typeof(IDisposable)).Select(TypeNames.Full).Order(StringComparer.Ordinal))
            text.Append(", ").Append(contract);
        return text.ToString();
    }

    private static string? Line(Type type, MemberInfo member)
    {
        if (member.Name.Contains('<', StringComparison.Ordinal) || member.IsDefined(typeof(CompilerGeneratedAttribute))) return null;
        var name = $"{TypeNames.Full(type)}.{member.Name}";
        return member switch
        {
            ConstructorInfo made when Visibility(made) is { } seen => $"{seen}{TypeNames.Full(type)}.new({Parameters(made)})",
            MethodInfo { IsSpecialName: false } method when Visibility(method) is { } seen && !method.IsDefined(typeof(CompilerGeneratedAttribute)) =>
                $"{seen}{name}{Generics(method)}({Parameters(method)}) : {TypeNames.Full(method.ReturnType)}{Maybe(Nullability.Create(method.ReturnParameter))}",
            PropertyInfo property when Visibility(property.GetMethod ?? property.SetMethod!) is { } seen => $"{seen}{name} {{ {Accessors(property)}}} : {TypeNames.Full(property.PropertyType)}{Maybe(Nullability.Create(property))}",
            FieldInfo { IsSpecialName: false } field when field.IsPublic || field.IsFamily => field.IsLiteral
                ? $"{name} = {Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}" : $"{name} : {TypeNames.Full(field.FieldType)}",
            EventInfo happening => $"event {name} : {TypeNames.Full(happening.EventHandlerType!)}",
            _ => null,
        };
    }

    // A value type says so by itself.
    private static string Maybe(NullabilityInfo info) => !info.Type.IsValueType && !info.Type.IsByRef && !info.Type.IsGenericParameter && (info.ReadState == NullabilityState.Nullable || info.WriteState == NullabilityState.Nullable) ? "?" : "";

    private static string? Visibility(MethodBase method) => method.IsPublic ? method.IsStatic && !method.IsConstructor ? "static " : "" : method.IsFamily || method.IsFamilyOrAssembly ? "protected " : null;

    private static string Generics(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(static one => one.Name))}>" : "";

    private static string Accessors(PropertyInfo property)
    {
        var text = property.GetMethod is { IsPublic: true } or { IsFamily: true } ? "get; " : "";
        if (property.SetMethod is not { } set || !(set.IsPublic || set.IsFamily)) return text;
        return text + (set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init; " : "set; ");
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(static parameter =>
    {
        var type = parameter.ParameterType;
        var way = !type.IsByRef ? "" : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
        if (parameter.IsDefined(typeof(ParamArrayAttribute))) way = "params ";
        var text = $"{way}{TypeNames.Full(type.IsByRef ? type.GetElementType()! : type)}{Maybe(Nullability.Create(parameter))} {parameter.Name}";
        return parameter.HasDefaultValue ? $"{text} = {Default(parameter)}" : text;
    }));

    private static string Default(ParameterInfo parameter) => parameter.DefaultValue switch
    {
        null => parameter.ParameterType.IsValueType ? "default" : "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
